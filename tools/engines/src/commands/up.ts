import { once } from 'node:events';
import { type EngineName, engineNames } from '../engine.js';
import { openSession } from '../reach/session.js';
import { everyWay } from '../reach/ways.js';
import { runChild } from './child.js';
import { introduce } from './introduce.js';
import { starting } from './starting.js';

/** Starts the engines that are named, or all; prints the variables to find them by; stops them on Ctrl-C. */
export const up = async (names: readonly string[]): Promise<number> => {
  const session = await starting(openSession({ ways: everyWay(), names: chosen(names) }));
  introduce(session.outcomes);
  for (const [name, value] of Object.entries(session.environment)) {
    if (value !== undefined) console.log(`export ${name}='${value.replaceAll("'", `'\\''`)}'`);
  }
  const alive = setInterval(() => undefined, 2 ** 30);
  await Promise.race(['SIGINT', 'SIGTERM', 'SIGHUP'].map((signal) => once(process, signal)));
  clearInterval(alive);
  await session.close();
  return 0;
};

/** Runs a command with the engines, and stops them afterwards. */
export const runWith = async ([program, ...args]: readonly string[]): Promise<number> => {
  const session = await starting(openSession({ ways: everyWay() }));
  introduce(session.outcomes);
  try {
    return await runChild(program!, args, session.environment);
  } finally {
    await session.close();
  }
};

const chosen = (names: readonly string[]): readonly EngineName[] => {
  if (names.length === 0) return engineNames;
  const unknown = names.find((name) => !engineNames.some((known) => known === name));
  if (unknown !== undefined) throw new Error(`"${unknown}" is none of the engines: ${engineNames.join(', ')}.`);
  return engineNames.filter((name) => names.includes(name));
};
