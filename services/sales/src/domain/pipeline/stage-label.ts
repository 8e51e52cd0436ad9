/**
 * What two labels have in common that nobody can tell apart at a glance: letters in either case, blanks around and between
 * words, what cannot be seen, and however Unicode composes them.
 */
export const labelKey = (label: string): string =>
  label
    .normalize('NFC')
    .replaceAll(/\p{Cf}+/gu, '')
    .replaceAll(/\s+/gu, ' ')
    .trim()
    .toUpperCase()
    .toLowerCase()
    .normalize('NFC');
