/**
 * The form in which telephone numbers are compared, never shown: digits alone, with a `+` where the country is said. `0044 (0)20 7946-0000`
 * and `+44 20 7946 0000` are one number. Which country a number is in that does not say it nobody can tell: `020 7946 0000` is another.
 */
export const phoneKeyOf = (phone: string): string => {
  const plain = phone.normalize('NFKC').trim().replace(/^tel:/i, '').replace(/\(0\)/g, '');
  const digits = plain.replace(/\D/g, '');
  if (plain.startsWith('+')) return `+${digits}`;
  return digits.startsWith('00') ? `+${digits.slice(2)}` : digits;
};
