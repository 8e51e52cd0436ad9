// Marks of Latin, Greek and Cyrillic letters. Marks of other scripts (Devanagari vowels, Japanese voicing) carry meaning and stay.
const DIACRITICS = /[\u0300-\u036f]+/g;
// eslint-disable-next-line no-control-regex -- the whole ASCII range, controls included
const ASCII = /^[\x00-\x7f]*$/;

/**
 * Text as it is sorted and searched by: compatibility-decomposed, without diacritics, in lower case. `Ångström` and
 * `ANGSTROM` have the same key. Every engine stores and compares these keys, so that all of them agree.
 */
export const searchKey = (text: string): string => {
  if (ASCII.test(text)) return text.toLowerCase();
  const lower = text.normalize('NFKD').replace(DIACRITICS, '').toLowerCase();
  // A last sigma is lower-cased by its place in the word; a part of a word must still be found.
  return wellFormed(lower.replaceAll('ς', 'σ'));
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
