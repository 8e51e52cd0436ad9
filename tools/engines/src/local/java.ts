import { DomainError } from '@rapport/kernel';
import { run } from './run.js';

/** The oldest Java that today's Kafka broker runs on. */
const OLDEST = 17;

/** A program that an engine needs. */
interface Need {
  readonly program: string;
  readonly what: string;
  readonly remedy: string;
}

const JAVA: Need = {
  program: 'java',
  what: `Java ${OLDEST} or newer`,
  remedy: 'a JDK (Debian: default-jdk-headless)',
};
const COMPILER: Need = { ...JAVA, program: 'javac', what: 'the Java compiler (javac)' };
const MAVEN: Need = { program: 'mvn', what: 'Maven (mvn)', remedy: 'Maven (Debian: maven)' };

/** Throws `unavailable` in one sentence when `engine` cannot be run for want of Java. */
export const requireJava = async (engine: string): Promise<void> => {
  const version = await output(JAVA, '-version');
  const major = Number(/version "(\d+)/.exec(version ?? '')?.[1]);
  if (!(major >= OLDEST)) throw missing(JAVA, engine);
};

/** Throws `unavailable` in one sentence when `engine` cannot be downloaded and compiled. */
export const requireBuildTools = async (engine: string): Promise<void> => {
  for (const need of [COMPILER, MAVEN]) {
    if ((await output(need, '-version')) === undefined) throw missing(need, engine);
  }
};

const output = async ({ program }: Need, argument: string): Promise<string | undefined> => {
  try {
    const finished = await run(program, [argument]);
    return finished.code === 0 ? finished.output : undefined;
  } catch {
    return undefined;
  }
};

const missing = ({ what, remedy }: Need, engine: string): DomainError =>
  new DomainError(
    'unavailable',
    'engine-needs-program',
    `${what} is missing, so ${engine} is not run: install ${remedy}.`,
  );
