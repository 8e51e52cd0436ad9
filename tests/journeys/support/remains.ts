import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where something of a value was found: the file and how it was written there. */
export type Remain = string;

/** Shortest part of a base64 text that is told apart from chance. */
const LEAST_BASE64 = 10;

/**
 * Looks through every byte of every file under a folder for values, whatever their case: in UTF-8, UTF-16 of both orders,
 * base64 at every alignment, and backwards.
 */
export const remainsOf = (folder: string, values: readonly string[]): readonly Remain[] => {
  const needles = values.flatMap(needlesOf);
  const found: Remain[] = [];
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const bytes = readFileSync(path);
    const folded = lowered(bytes);
    for (const { form, value, needle, exact } of needles) {
      if ((exact ? bytes : folded).includes(needle)) found.push(`${entry.name}: ${value} (${form})`);
    }
  }
  return found;
};

interface Needle {
  readonly form: string;
  readonly value: string;
  readonly needle: Buffer;
  /** base64 means something else in another case. */
  readonly exact: boolean;
}

const needlesOf = (value: string): readonly Needle[] => {
  const lower = value.toLowerCase();
  const backwards = [...lower].reverse().join('');
  const wide = Buffer.from(lower, 'utf16le');
  const folded = (form: string, needle: Buffer): Needle => ({ form, value, needle: lowered(needle), exact: false });
  return [
    folded('UTF-8', Buffer.from(lower)),
    folded('UTF-16LE', wide),
    folded('UTF-16BE', Buffer.from(wide).swap16()),
    folded('backwards', Buffer.from(backwards)),
    folded('UTF-16LE backwards', Buffer.from(backwards, 'utf16le')),
    ...[value, lower, value.toUpperCase()].flatMap((text) => base64Needles(text)),
  ];
};

/** What is the same in base64 whatever stands before and behind. */
const base64Needles = (value: string): readonly Needle[] =>
  [0, 1, 2].flatMap((before) => {
    const bytes = Buffer.concat([Buffer.alloc(before), Buffer.from(value)]);
    const first = before === 0 ? 0 : 4;
    const text = bytes.toString('base64').slice(first, Math.floor(bytes.length / 3) * 4);
    const needle = Buffer.from(text);
    return text.length < LEAST_BASE64 ? [] : [{ form: 'base64', value, needle, exact: true }];
  });

/** ASCII letters in lower case; the values of the tests have no others that change. */
const lowered = (bytes: Buffer): Buffer => {
  const copy = Buffer.from(bytes);
  for (let n = 0; n < copy.length; n += 1) if (copy[n]! >= 65 && copy[n]! <= 90) copy[n]! += 32;
  return copy;
};
