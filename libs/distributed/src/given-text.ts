import { readFileSync } from 'node:fs';
import { DomainError } from '@rapport/kernel';
import { MasterKey } from '@rapport/privacy';

/** A setting that is a text itself, or names the file that holds it. @throws DomainError invalid */
export const textOrFile = (value: string, isText: (value: string) => boolean, variable: string): string => {
  const text = value.replaceAll('\\n', '\n');
  if (isText(text)) return text;
  try {
    return readFileSync(value, 'utf8');
  } catch (cause) {
    const reason = (cause as NodeJS.ErrnoException).code ?? 'unknown';
    // The value may be a secret that was pasted wrongly: it is not repeated.
    throw new DomainError('invalid', 'unreadable-file', `${variable} names no file that can be read (${reason}).`);
  }
};

export const pemOf = (value: string, variable: string): string =>
  textOrFile(value, (text) => text.includes('-----BEGIN '), variable);

/** Never made here: every replica must have the same one. */
export const masterKeyOf = (value: string): MasterKey => {
  const text = textOrFile(value, (given) => /^[A-Za-z0-9+/]{43}=$/.test(given), 'RAPPORT_MASTER_KEY');
  return MasterKey.fromBase64(text, 'RAPPORT_MASTER_KEY');
};
