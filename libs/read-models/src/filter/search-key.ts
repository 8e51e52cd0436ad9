import { isAscii } from '@rapport/kernel';

// Marks of Latin, Greek and Cyrillic letters. Marks of other scripts (Devanagari vowels, Japanese voicing) carry meaning and stay.
const DIACRITICS = /[\u0300-\u036f]+/g;

/** Letters whose stroke, hook or union is no mark of its own in Unicode, so that decomposing leaves them as they are. */
const LETTERS: ReadonlyMap<string, string> = new Map(
  (
    'ß=ss æ=ae œ=oe þ=th ø=o ł=l đ=d ð=d ı=i ħ=h ŧ=t ŋ=n ĸ=k ƒ=f ƀ=b ȼ=c ɇ=e ǥ=g ɨ=i ɉ=j ƚ=l ɍ=r ⱥ=a ⱦ=t ʉ=u ɏ=y ƶ=z ' +
    // A last sigma is lower-cased by its place in the word; a part of a word must still be found.
    'ς=σ'
  )
    .split(' ')
    .map((pair) => pair.split('=') as [string, string]),
);
const FOLDED = new RegExp(`[${[...LETTERS.keys()].join('')}]`, 'g');

/** Of {@link searchKey}. Read models keep keys, so those that were built under another version are built anew. */
export const SEARCH_KEY_VERSION = 2;

/**
 * Text as it is sorted and searched by: compatibility-decomposed, without diacritics, in lower case, letters with strokes
 * as the plain ones. `Ångström` and `ANGSTROM` have the same key, `Łódź` and `lodz`, `Straße` and `strasse`. Every engine
 * stores and compares these keys, so that all of them agree.
 */
export const searchKey = (text: string): string => {
  if (isAscii(text)) return text.toLowerCase();
  const lower = text.normalize('NFKD').replace(DIACRITICS, '').toLowerCase();
  return wellFormed(lower.replace(FOLDED, (letter) => LETTERS.get(letter)!));
};

/** Text that every engine can store: a lone surrogate becomes U+FFFD, and so does U+0000, at which C strings end. */
export const wellFormed = (text: string): string => {
  const whole = text.isWellFormed() ? text : text.toWellFormed();
  return whole.includes('\0') ? whole.replaceAll('\0', '\ufffd') : whole;
};

/** Order of code points, which is the byte order of UTF-8 that databases compare by; `<` would compare UTF-16 units. */
export const compareText = (left: string, right: string): number => {
  const length = Math.min(left.length, right.length);
  for (let i = 0; i < length; i++) {
    const a = left.charCodeAt(i);
    const b = right.charCodeAt(i);
    if (a !== b) return rank(a) - rank(b);
  }
  return left.length - right.length;
};

/** Surrogates stand for code points above U+FFFF, so they rank above the units U+E000 to U+FFFF. */
const rank = (unit: number): number => (unit < 0xd800 ? unit : unit < 0xe000 ? unit + 0x2000 : unit - 0x800);
