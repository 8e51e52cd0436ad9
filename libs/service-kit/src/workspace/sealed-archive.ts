import { createHash, type Hash } from 'node:crypto';
import type { FileId, SealedFileStore } from '@rapport/files';
import { Zip, ZipDeflate } from 'fflate';
import type { ExportedFile } from './workspace-export.js';

/** So much is packed before it goes to the disk. */
const PIECE_BYTES = 256 * 1024;

/** A ZIP archive that is written from front to back into a sealed file; never more than a piece of it is in memory. */
export class SealedArchive {
  readonly files: ExportedFile[] = [];
  private readonly zip: Zip;
  private readonly digest: Hash = createHash('sha256');
  private packed: Uint8Array[] = [];
  private bytes = 0;

  private constructor(
    private readonly store: SealedFileStore,
    private readonly file: FileId,
    private readonly at: Date,
  ) {
    this.zip = new Zip((failure, data) => {
      if (failure) throw failure;
      this.packed.push(data);
    });
  }

  /** What an earlier attempt left of it goes. */
  static async begin(store: SealedFileStore, file: FileId, at: Date): Promise<SealedArchive> {
    await store.remove(file);
    return new SealedArchive(store, file, at);
  }

  /** Adds a file of one JSON object per line. */
  async add(name: string, objects: AsyncIterable<object>): Promise<void> {
    const entry = this.entry(name);
    const content = createHash('sha256');
    let [lines, text] = [0, ''];
    const push = async (isLast: boolean): Promise<void> => {
      const data = Buffer.from(text);
      text = '';
      content.update(data);
      entry.push(data, isLast);
      await this.flush();
    };
    for await (const object of objects) {
      text += `${JSON.stringify(object)}\n`;
      lines += 1;
      if (text.length >= PIECE_BYTES) await push(false);
    }
    await push(true);
    this.files.push({ name, lines, sha256: content.digest('hex') });
  }

  /** With what it says of itself. */
  async finish(manifest: object): Promise<{ readonly bytes: number; readonly sha256: string }> {
    const text = `${JSON.stringify({ ...manifest, files: this.files }, null, 2)}\n`;
    this.entry('manifest.json').push(Buffer.from(text), true);
    this.zip.end();
    await this.flush();
    return { bytes: this.bytes, sha256: this.digest.digest('hex') };
  }

  private entry(name: string): ZipDeflate {
    const entry = new ZipDeflate(name);
    entry.mtime = this.at;
    this.zip.add(entry);
    return entry;
  }

  private async flush(): Promise<void> {
    const data = Buffer.concat(this.packed.splice(0));
    this.digest.update(data);
    this.bytes = data.length === 0 ? this.bytes : await this.store.append(this.file, this.bytes, data);
  }
}
