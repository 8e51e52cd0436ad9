/** One step of a tour: commands, and what they are said to print. */
export interface Step {
  readonly commands: string;
  /** Empty where nothing is said. */
  readonly output: readonly string[];
}

const BLOCK = /```(bash|text)\n([\s\S]*?)```/g;

/** The ```bash blocks below a heading, each with the ```text block that follows it. */
export const tourIn = (markdown: string, heading: string): readonly Step[] => {
  const [, rest = ''] = markdown.split(`\n## ${heading}\n`);
  const [section = ''] = rest.split('\n## ');
  const steps: { commands: string; output: readonly string[] }[] = [];
  for (const [, kind, text = ''] of section.matchAll(BLOCK)) {
    if (kind === 'bash') steps.push({ commands: text, output: [] });
    else if (steps.length > 0) steps.at(-1)!.output = linesOf(text);
  }
  return steps;
};

const MARK = '=== end of step';

/** One script, because later steps use what earlier ones have set; a failing command ends it. */
export const scriptOf = (steps: readonly Step[]): string =>
  ['set -eu', ...steps.flatMap(({ commands }) => [commands, `echo '${MARK}'`])].join('\n');

/** What each step printed. */
export const outputsOf = (printed: string): readonly (readonly string[])[] =>
  printed.split(`${MARK}\n`).slice(0, -1).map(linesOf);

const linesOf = (text: string): string[] => text.split('\n').filter((line) => line !== '');
