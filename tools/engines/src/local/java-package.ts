import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DomainError } from '@rapport/kernel';
import { requireBuildTools, requireJava } from './java.js';
import { pomOf } from './pom.js';
import { run } from './run.js';

const SOURCES = fileURLToPath(new URL('../../java/', import.meta.url));
const COPY = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies';

/** A server written in Java, as Maven's registry has it. */
export interface JavaPackage {
  /** For people, with the version. */
  readonly title: string;
  /** Of its folder in the cache. */
  readonly folder: string;
  /** `group:artifact:version`; with what they depend on, all of it pinned by their own descriptions. */
  readonly artifacts: readonly string[];
  /** Files in `tools/engines/java` that are compiled against it. */
  readonly sources: readonly string[];
}

/**
 * The class path of a package: downloaded and compiled the first time, from the cache afterwards.
 * @throws DomainError `unavailable`: what is missing, what to install, and which engine is not run for it.
 */
export const classPathOf = async (wanted: JavaPackage): Promise<string> => {
  await requireJava(wanted.title);
  const folder = join(cacheFolder(), `${wanted.folder}-${await fingerprint(wanted.sources)}`);
  if (!existsSync(folder)) await install(wanted, folder);
  return classPath(folder);
};

const cacheFolder = (): string =>
  process.env['RAPPORT_ENGINES_CACHE'] ?? join(homedir(), '.cache', 'rapport', 'engines');

const classPath = (folder: string): string => [join(folder, 'classes'), join(folder, 'lib', '*')].join(delimiter);

const fingerprint = async (sources: readonly string[]): Promise<string> => {
  const hash = createHash('sha256');
  for (const source of sources) hash.update(await readFile(join(SOURCES, source)));
  return hash.digest('hex').slice(0, 8);
};

/** Made elsewhere and put in place whole, so that a download that broke off, or runs twice at once, does no harm. */
const install = async (wanted: JavaPackage, folder: string): Promise<void> => {
  await requireBuildTools(wanted.title);
  await mkdir(cacheFolder(), { recursive: true });
  const workshop = await mkdtemp(join(cacheFolder(), 'download-'));
  try {
    await download(wanted, workshop);
    await rename(join(workshop, 'package'), folder).catch((error: unknown) => {
      if (!existsSync(folder)) throw error;
    });
  } finally {
    await rm(workshop, { recursive: true, force: true });
  }
};

const download = async ({ title, artifacts, sources }: JavaPackage, workshop: string): Promise<void> => {
  const [pom, made] = [join(workshop, 'pom.xml'), join(workshop, 'package')];
  await writeFile(pom, pomOf(artifacts));
  const quiet = ['--batch-mode', '--quiet', '--no-transfer-progress', '--strict-checksums', '--file', pom];
  // A repository of its own: two Mavens must not write to the same one.
  const folders = [`-Dmaven.repo.local=${join(workshop, 'repository')}`, `-DoutputDirectory=${join(made, 'lib')}`];
  await succeed(title, 'mvn', [...quiet, COPY, '-DincludeScope=runtime', ...folders]);
  const files = sources.map((source) => join(SOURCES, source));
  const target = ['--release', '17', '-d', join(made, 'classes')];
  await succeed(title, 'javac', [...target, '-cp', join(made, 'lib', '*'), ...files]);
};

const succeed = async (title: string, program: string, args: readonly string[]): Promise<void> => {
  const { code, output } = await run(program, args);
  if (code === 0) return;
  const reason = output.split('\n').find((line) => line.includes('ERROR') || line.includes('error:')) ?? output;
  throw new DomainError(
    'unavailable',
    'engine-not-installed',
    `${title} could not be installed, so it is not run: ${program} ended with ${code} (${reason.trim()}).`,
  );
};
