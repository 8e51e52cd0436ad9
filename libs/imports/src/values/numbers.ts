import { type Parsed, parsed, refused } from './cell-problem.js';

export type DecimalMark = '.' | ',';

/** An exact decimal number: digits × 10^-scale. */
export interface Decimal {
  readonly digits: bigint;
  readonly scale: number;
}

const SPACES = /[\s\u00a0\u202f'’]/g;
const PLAIN = /^[+-]?\d*(?:[.,]\d*)*$/;

/**
 * Which mark stands before the decimals in a number as it is written; `undefined` when it does not tell. `1,234` alone
 * does not: it may be a thousand or a little more than one.
 */
export const decimalMarkOf = (text: string): DecimalMark | undefined => {
  const number = text.replace(SPACES, '').replace(/^[+-]/, '');
  const marks = number.replace(/\d/g, '');
  if (marks === '' || !PLAIN.test(number)) return undefined;
  const last = marks.at(-1) as DecimalMark;
  const other = last === '.' ? ',' : '.';
  if (marks.includes(other)) return last;
  if (marks.length > 1) return other;
  const [whole, fraction] = number.split(last) as [string, string];
  return fraction.length !== 3 || whole === '' || whole.length > 3 || /^0/.test(whole) ? last : undefined;
};

/** A decimal number. `mark`: what the column's other numbers tell; `undefined` when they tell nothing. */
export const parseDecimal = (text: string, mark: DecimalMark | undefined): Parsed<Decimal> => {
  const negative = /^\(.*\)$/.test(text) || text.startsWith('-');
  const number = text
    .replace(/^\((.*)\)$/, '$1')
    .replace(SPACES, '')
    .replace(/^[+-]/, '');
  const exponent = /^(\d+(?:\.\d+)?)[eE]([+-]?\d{1,2})$/.exec(number);
  if (exponent) return parsed(signed(decimalOf(exponent[1]!, '.', Number(exponent[2])), negative));
  if (!/^[\d.,]*\d[\d.,]*$/.test(number))
    return refused('not-a-number', 'is not a number. Write digits only, as 1234.56.');
  const own = decimalMarkOf(number);
  const decimalMark = own ?? mark;
  if (!decimalMark && /[.,]/.test(number)) {
    const message = `could be ${number.replace(/[.,]/, '')} or ${number.replace(',', '.')}. Write it without marks between thousands.`;
    return refused('ambiguous-number', message);
  }
  if (!groupedWell(number, decimalMark ?? '.'))
    return refused('not-a-number', 'is not a number. Write digits only, as 1234.56.');
  return parsed(signed(decimalOf(number, decimalMark ?? '.', 0), negative));
};

/** One decimal mark at most, and before it groups of three. */
const groupedWell = (number: string, mark: DecimalMark): boolean => {
  const thousands = mark === '.' ? ',' : '.';
  const [whole, fraction, ...more] = number.split(mark) as [string, string | undefined, ...string[]];
  if (more.length > 0 || fraction?.includes(thousands)) return false;
  const [first, ...groups] = whole.split(thousands) as [string, ...string[]];
  return groups.length === 0 || (first.length >= 1 && first.length <= 3 && groups.every((group) => group.length === 3));
};

const decimalOf = (number: string, mark: DecimalMark, exponent: number): Decimal => {
  const [whole, fraction = ''] = number.split(mark) as [string, string?];
  return shifted(
    { digits: BigInt(`${whole.replace(/[.,]/g, '')}${fraction}` || '0'), scale: fraction.length },
    exponent,
  );
};

const signed = (decimal: Decimal, negative: boolean): Decimal =>
  negative ? { ...decimal, digits: -decimal.digits } : decimal;

const shifted = ({ digits, scale }: Decimal, places: number): Decimal =>
  scale - places >= 0
    ? { digits, scale: scale - places }
    : { digits: digits * 10n ** BigInt(places - scale), scale: 0 };

/** Exact product with a factor as it is written in the settings: 0.01 is a hundredth, not the nearest binary fraction. */
export const times = (decimal: Decimal, factor: number): Decimal => {
  if (factor === 1) return decimal;
  const scale = parseDecimal(String(factor), '.');
  if ('problem' in scale) return decimal;
  return { digits: decimal.digits * scale.value.digits, scale: decimal.scale + scale.value.scale };
};

/** The number in units of 10^-places; `undefined` when it has more decimals than that. */
export const minorOf = ({ digits, scale }: Decimal, places: number): bigint | undefined => {
  if (scale <= places) return digits * 10n ** BigInt(places - scale);
  const divisor = 10n ** BigInt(scale - places);
  return digits % divisor === 0n ? digits / divisor : undefined;
};

export const toNumber = ({ digits, scale }: Decimal): number => Number(`${digits}e-${scale}`);
