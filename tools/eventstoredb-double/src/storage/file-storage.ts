import { readSync } from 'node:fs';
import { type FileHandle, mkdir, open } from 'node:fs/promises';
import { join } from 'node:path';
import { FRAME_HEAD, frameLength, isWhole } from './frame.js';
import { HEADER, type Storage } from './storage.js';

/** One append-only file: what `append` has resolved for survives `kill -9`. */
export class FileStorage implements Storage {
  private constructor(
    private readonly file: FileHandle,
    private end: number,
  ) {}

  /**
   * Opens or creates `events.log` in the folder and gives every whole frame to `found`. What follows the
   * last whole frame was never acknowledged and is cut off.
   */
  static async open(folder: string, found: (frame: Buffer) => void): Promise<FileStorage> {
    await mkdir(folder, { recursive: true });
    const path = join(folder, 'events.log');
    await (await open(path, 'a')).close();
    const storage = new FileStorage(await open(path, 'r+'), HEADER.length);
    const header = storage.read(0, HEADER.length);
    if (header.length < HEADER.length) await storage.file.write(HEADER, 0, HEADER.length, 0);
    else if (!header.equals(HEADER)) throw new Error(`${path} is not a log of this server; use another data folder`);
    storage.#recover(found);
    await storage.file.truncate(storage.end);
    await storage.file.sync();
    return storage;
  }

  get size(): number {
    return this.end;
  }

  async append(frames: readonly Buffer[]): Promise<void> {
    const wanted = frames.reduce((sum, { length }) => sum + length, 0);
    const { bytesWritten } = await this.file.writev(frames, this.end);
    if (bytesWritten < wanted)
      throw new Error(`Only ${bytesWritten} of ${wanted} bytes were written: is the disk full?`);
    await this.file.datasync();
    this.end += wanted;
  }

  read(position: number, length: number): Buffer {
    const bytes = Buffer.allocUnsafe(length);
    return bytes.subarray(0, readSync(this.file.fd, bytes, 0, length, position));
  }

  close(): Promise<void> {
    return this.file.close();
  }

  #recover(found: (frame: Buffer) => void): void {
    for (;;) {
      const head = this.read(this.end, FRAME_HEAD);
      if (head.length < FRAME_HEAD) return;
      const length = frameLength(head);
      const frame = this.read(this.end, length);
      if (frame.length < length || !isWhole(frame)) return;
      found(frame);
      this.end += length;
    }
  }
}
