import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { FileStorage } from './file-storage.js';
import { Frame, recordsOf } from './frame.js';

let folder: string;
let file: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'double-storage-'));
  file = join(folder, 'events.log');
});
afterEach(() => rm(folder, { recursive: true }));

const frame = (start: number, ...records: string[]): Buffer => {
  const made = new Frame(start);
  for (const record of records) made.add(Buffer.from(record));
  return made.bytes();
};

/** The records of each frame, as they are found at a start. */
const reopened = async (): Promise<{ frames: string[][]; storage: FileStorage }> => {
  const frames: string[][] = [];
  const storage = await FileStorage.open(folder, (found) => frames.push([...recordsOf(found)].map(String)));
  return { frames, storage };
};

const written = async (): Promise<void> => {
  const { storage } = await reopened();
  const first = frame(storage.size, 'one', 'two');
  await storage.append([first, frame(storage.size + first.length), frame(storage.size, 'three')]);
  await storage.close();
};

it('finds what was appended, in its frames', async () => {
  await written();
  const { frames, storage } = await reopened();
  expect(frames).toEqual([['one', 'two'], [], ['three']]);
  await storage.close();
});

it('cuts off a frame that is not whole, wherever it is torn, and goes on after the last whole one', async () => {
  await written();
  const whole = await readFile(file);
  const last = frame(whole.length, 'torn', 'apart');
  for (let bytes = 0; bytes < last.length; bytes++) {
    await writeFile(file, whole);
    await appendFile(file, last.subarray(0, bytes));
    const { frames, storage } = await reopened();
    expect([frames.length, storage.size]).toEqual([3, whole.length]);
    await storage.append([last]);
    await storage.close();
    expect(await readFile(file)).toEqual(Buffer.concat([whole, last]));
  }
});

it('does not take a frame whose bytes are wrong', async () => {
  await written();
  const bytes = await readFile(file);
  bytes[bytes.length - 1]! ^= 1;
  await writeFile(file, bytes);
  const { frames, storage } = await reopened();
  expect(frames).toEqual([['one', 'two'], []]);
  await storage.close();
});

it('refuses a file of something else', async () => {
  await writeFile(file, 'something else altogether');
  await expect(reopened()).rejects.toThrow(/is not a log of this server/);
});
