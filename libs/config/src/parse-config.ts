import { closest } from './closest.js';
import type { Config, Schema, Setting } from './setting.js';

export type Environment = Readonly<Record<string, string | undefined>>;

export interface ParsedConfig<S extends Schema> {
  readonly config: Config<S>;
  /** One sentence per `RAPPORT_*` variable that nobody reads, most likely a slip of the pen. */
  readonly warnings: readonly string[];
}

/** Everything that is wrong with the configuration, one line each. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';

  constructor(readonly problems: readonly string[]) {
    super(
      `The configuration has ${problems.length === 1 ? 'a problem' : `${problems.length} problems`}:\n- ${problems.join('\n- ')}`,
    );
  }
}

/**
 * Reads a schema's variables from an environment, once, at the start of a process. Unset and empty mean the default.
 * @param alsoKnown variables that somebody else reads: not warned about
 * @throws ConfigError naming every problem
 */
export const parseConfig = <S extends Schema>(
  schema: S,
  env: Environment,
  alsoKnown: readonly string[] = [],
): ParsedConfig<S> => {
  const problems: string[] = [];
  const config: Record<string, unknown> = {};
  for (const [name, setting] of Object.entries(schema)) {
    const text = env[setting.variable]?.trim();
    const value = text ? setting.parse(text) : setting.default;
    if (value === undefined) problems.push(describeProblem(setting, text));
    config[name] = value;
  }
  if (problems.length > 0) throw new ConfigError(problems);
  const known = [...Object.values(schema).map(({ variable }) => variable), ...alsoKnown];
  return { config: config as Config<S>, warnings: unknownVariables(env, known) };
};

const describeProblem = ({ variable, secret, allowed }: Setting<unknown>, text: string | undefined): string =>
  text
    ? `${variable} ${secret ? 'has a value that' : `is "${text}", which`} is not allowed; give ${allowed}.`
    : `${variable} is not set, and has no default; give ${allowed}.`;

const unknownVariables = (env: Environment, known: readonly string[]): string[] =>
  Object.keys(env)
    .filter((name) => name.startsWith('RAPPORT_') && !known.includes(name))
    .sort()
    .map((name) => {
      const meant = closest(name, known);
      return `${name} is set, but nothing reads it.${meant === undefined ? '' : ` Did you mean ${meant}?`}`;
    });
