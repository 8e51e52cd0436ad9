import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { format, resolveConfig } from 'prettier';

/** What is going to be written into the workspace: all of it, or nothing. */
export class Draft {
  readonly #texts = new Map<string, string>();
  readonly #links = new Map<string, string>();

  constructor(readonly root: string) {}

  exists(path: string): boolean {
    return this.#texts.has(path) || existsSync(join(this.root, path));
  }

  /** As it will be. */
  read(file: string): string {
    return this.#texts.get(file) ?? readFileSync(join(this.root, file), 'utf8');
  }

  write(file: string, text: string): void {
    this.#texts.set(file, text);
  }

  edit(file: string, change: (text: string) => string): void {
    this.write(file, change(this.read(file)));
  }

  /** A symbolic link to a folder; both from the root. */
  link(path: string, folder: string): void {
    this.#links.set(path, folder);
  }

  filesBelow(folder: string): readonly string[] {
    const found = readdirSync(join(this.root, folder), { recursive: true, withFileTypes: true });
    const files = found.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
    return files.map((file) => relative(this.root, file).replaceAll('\\', '/'));
  }

  /** Writes everything, formatted. What was written is taken back when something cannot be. */
  async apply(): Promise<readonly string[]> {
    const texts = await Promise.all(
      [...this.#texts].map(async ([file, text]) => [file, await this.#formatted(file, text)] as const),
    );
    const undo: (() => void)[] = [];
    try {
      for (const [file, text] of texts) undo.push(this.#put(file, text));
      for (const [path, folder] of this.#links) undo.push(this.#connect(path, folder));
    } catch (failure) {
      for (const step of undo.reverse()) step();
      throw failure;
    }
    return texts.map(([file]) => file).filter((file) => !file.startsWith('node_modules/'));
  }

  async #formatted(file: string, text: string): Promise<string> {
    if (!/\.(ts|md|json)$/.test(file) || file.endsWith('package-lock.json')) return text;
    const path = join(this.root, file);
    return format(text, { ...(await resolveConfig(path)), filepath: path });
  }

  #put(file: string, text: string): () => void {
    const path = join(this.root, file);
    const before = existsSync(path) ? readFileSync(path) : undefined;
    const made = mkdirSync(dirname(path), { recursive: true });
    const undo = (): void => {
      if (before) writeFileSync(path, before);
      else rmSync(made ?? path, { recursive: true, force: true });
    };
    try {
      writeFileSync(path, text);
      return undo;
    } catch (failure) {
      undo();
      throw failure;
    }
  }

  #connect(path: string, folder: string): () => void {
    const link = join(this.root, path);
    symlinkSync(relative(dirname(link), join(this.root, folder)), link, 'junction');
    return () => rmSync(link);
  }
}
