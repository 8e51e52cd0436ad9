/** A letter, a digit, a sign, a symbol; private ones too. Marks need one of them to stand on, blanks and controls show nothing. */
const SHOWN = /[\p{L}\p{N}\p{P}\p{S}\p{Co}]/u;

/** Letters and a symbol that are blank all the same: Hangul fillers, the braille pattern without dots. */
const BLANK = /[\u115f\u1160\u3164\uffa0\u2800]/g;

/** Whether anything of a text can be seen. A name that nobody sees is none. */
export const isVisible = (text: string | null | undefined): boolean =>
  text !== null && text !== undefined && SHOWN.test(text.replace(BLANK, ''));

/**
 * Where a text holds what no text may hold: half a character, which UTF-8 cannot write, or U+0000, at which others' texts end.
 * Undefined where it does not.
 */
export const illFormedAt = (text: string): number | undefined => {
  const nul = text.indexOf('\0');
  if (text.isWellFormed()) return nul < 0 ? undefined : nul;
  const whole = text.toWellFormed();
  const half = Array.from({ length: text.length }, (_, n) => n).find((n) => text[n] !== whole[n])!;
  return nul < 0 ? half : Math.min(nul, half);
};

/** Whether a text has no character beyond U+007F: then it has one Unicode form, and case is all that differs. */
export const isAscii = (text: string): boolean => ONLY_ASCII.test(text);

const ONLY_ASCII = /^\p{ASCII}*$/u;
