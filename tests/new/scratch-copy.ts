import { execFile, execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, lstat, mkdir, mkdtemp, readdir, readlink, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

/** What a command said, and how it ended. */
export interface Ended {
  readonly code: number;
  readonly output: string;
}

/** A copy of this workspace that may be written into. Packages of others are shared, those of the workspace are its own. */
export class ScratchCopy {
  private constructor(readonly path: string) {}

  static async make(): Promise<ScratchCopy> {
    const copy = new ScratchCopy(await mkdtemp(join(tmpdir(), 'rapport-new-')));
    const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: root });
    const files = listed.toString().split('\0').filter(Boolean);
    for (const file of files) await copyOver(file, copy.path);
    await linkPackages(copy.path);
    await linkNested(files, copy.path);
    await copy.run('git', 'init', '--quiet');
    await copy.commit();
    return copy;
  }

  file(path: string): string {
    return join(this.path, path);
  }

  /** Resolves however it ends. */
  run(command: string, ...args: readonly string[]): Promise<Ended> {
    const { NODE_OPTIONS: _, ...rest } = process.env;
    const env = { ...rest, CI: 'true', NX_DAEMON: 'false', NX_NO_CLOUD: 'true' };
    return new Promise((resolve) => {
      execFile(command, args, { cwd: this.path, env, maxBuffer: 2 ** 26 }, (failure, stdout, stderr) => {
        const code = failure ? (typeof failure.code === 'number' ? failure.code : 1) : 0;
        resolve({ code, output: stdout + stderr });
      });
    });
  }

  npm(script: string, ...args: readonly string[]): Promise<Ended> {
    return this.run('npm', 'run', '--silent', script, '--', ...args);
  }

  /** From here on {@link changed} begins anew. */
  async commit(): Promise<void> {
    await this.run('git', 'add', '--all');
    const author = ['-c', 'user.name=Test', '-c', 'user.email=test@example.org'];
    await this.run('git', ...author, 'commit', '--quiet', '--message', 'As it was');
  }

  /** Files that differ from the last commit, sorted. */
  async changed(): Promise<readonly string[]> {
    await this.run('git', 'add', '--all');
    const { output } = await this.run('git', 'diff', '--cached', '--name-only');
    return output.split('\n').filter(Boolean).sort();
  }

  async remove(): Promise<void> {
    await rm(this.path, { recursive: true, force: true });
  }
}

/** A file that is listed may have been removed since. */
const copyOver = async (file: string, target: string): Promise<void> => {
  const found = await lstat(join(root, file)).catch(() => undefined);
  if (found?.isFile()) await cp(join(root, file), join(target, file));
};

/** Packages that npm has put beside a workspace, because others need another version of them. */
const linkNested = async (files: readonly string[], target: string): Promise<void> => {
  for (const file of files.filter((path) => path.endsWith('/package.json'))) {
    const nested = join(dirname(file), 'node_modules');
    if (existsSync(join(root, nested))) await symlink(join(root, nested), join(target, nested));
  }
};

const linkPackages = async (target: string): Promise<void> => {
  const [from, to] = [join(root, 'node_modules'), join(target, 'node_modules')];
  await mkdir(join(to, '@rapport'), { recursive: true });
  for (const name of await readdir(from)) {
    if (name === '.package-lock.json') await cp(join(from, name), join(to, name));
    else if (name !== '@rapport') await symlink(join(from, name), join(to, name));
  }
  // Relative, as npm makes them: in the copy they lead to the copy.
  for (const name of await readdir(join(from, '@rapport')))
    await symlink(await readlink(join(from, '@rapport', name)), join(to, '@rapport', name));
};
