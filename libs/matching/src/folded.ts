const MARKS = /\p{M}+/gu;
const NO_WORD = /[^\p{L}\p{N}]+/gu;
/** Letters of their own that people without them write in another way; NFKD leaves them as they are. */
const WRITTEN: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ı: 'i',
};
const WRITTEN_OTHERWISE = /[ßæœøłđðþı]/gu;
const APOSTROPHES = /['’ʼ`´]/gu;
const ONLY_PLAIN = /^[a-z0-9]*$/;

/** The words of a text without case, accents and punctuation. "O’Brien-Łukasz" is "obrien", "lukasz". */
export const wordsOf = (text: string | undefined): readonly string[] => {
  if (text === undefined || text === '') return [];
  const lower = text.toLowerCase();
  return ONLY_PLAIN.test(lower) ? [lower] : split(lower);
};

const split = (lower: string): readonly string[] =>
  lower
    .normalize('NFKD')
    .replace(MARKS, '')
    .replace(WRITTEN_OTHERWISE, (letter) => WRITTEN[letter]!)
    .replace(APOSTROPHES, '')
    .split(NO_WORD)
    .filter((word) => word !== '');

/** The same as one word: blanks and hyphens are where most typing mistakes fall. */
export const squeezed = (text: string | undefined): string => wordsOf(text).join('');
