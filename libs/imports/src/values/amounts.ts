import { minorDigits, type Money } from '@rapport/kernel';
import { type Parsed, parsed, refused } from './cell-problem.js';
import { type DecimalMark, minorOf, parseDecimal, times } from './numbers.js';

/** Signs that mean one currency. `$` and `¥` mean several and need the settings' currency. */
const SIGNS: Readonly<Record<string, string>> = {
  '€': 'EUR',
  '£': 'GBP',
  '₹': 'INR',
  '₩': 'KRW',
  '₽': 'RUB',
  '₺': 'TRY',
  '₴': 'UAH',
  zł: 'PLN',
};
/** Salesforce writes large amounts as `6.0E7`. */
const MARKED =
  /^([-(]?)\s*(?:([A-Z]{3})|(\p{Sc}|zł))?\s*([^\p{L}\p{Sc}]*?(?:E[+-]?\d{1,2})?)\s*(?:([A-Z]{3})|(\p{Sc}|zł))?\s*(\)?)$/u;

/** The number in an amount, without its currency: `€ 1.234,50` → `1.234,50`. */
export const numberIn = (text: string): string => {
  const match = MARKED.exec(text);
  return match ? `${match[1]}${match[4]}${match[7]}` : text;
};

/** `currency`: of amounts that name none. */
export const parseMoney = (
  text: string,
  options: {
    readonly currency?: string | undefined;
    readonly rowCurrency?: string | undefined;
    readonly scale: number;
    readonly mark: DecimalMark | undefined;
  },
): Parsed<Money> => {
  const match = MARKED.exec(text);
  if (!match) return refused('not-an-amount', 'is not an amount of money. Write it as 1234.56 or USD 1234.56.');
  const named = match[2] ?? match[5] ?? SIGNS[match[3] ?? match[6] ?? ''];
  if (named !== undefined && options.rowCurrency !== undefined && named !== options.rowCurrency) {
    return refused('two-currencies', `is in ${named}, and the row says ${options.rowCurrency}. Mend one of the two.`);
  }
  const currency = named ?? options.rowCurrency ?? options.currency;
  if (currency === undefined)
    return refused('no-currency', 'names no currency. Set the currency of the file, for example USD.');
  const number = parseDecimal(numberIn(text), options.mark);
  return 'problem' in number ? number : inMinorUnits(times(number.value, options.scale), currency);
};

const inMinorUnits = (amount: Parameters<typeof minorOf>[0], currency: string): Parsed<Money> => {
  const digits = digitsOf(currency);
  if (digits === undefined)
    return refused('unknown-currency', `names ${currency}, which is no currency. Use ISO 4217, for example USD.`);
  const minor = minorOf(amount, digits);
  if (minor === undefined)
    return refused('too-precise', `has more than the ${digits} decimals of ${currency}. Round it.`);
  if (minor > Number.MAX_SAFE_INTEGER || minor < Number.MIN_SAFE_INTEGER)
    return refused('too-large', 'is too large an amount. Check it.');
  return parsed({ minor: Number(minor), currency });
};

/** Codes of ISO 4217, in any case and with words around them (`US Dollar (USD)`), and signs that mean one currency. */
export const parseCurrency = (text: string): Parsed<string> => {
  const sign = SIGNS[text];
  if (sign !== undefined) return parsed(sign);
  const written = /^[a-z]{3}$/i.test(text) ? [text.toUpperCase()] : (text.match(/\b[A-Z]{3}\b/g) ?? []);
  const [code, ...others] = new Set(written.filter((each) => CURRENCIES.has(each)));
  if (code !== undefined && others.length === 0) return parsed(code);
  return refused('unknown-currency', 'is no currency. Use a code of ISO 4217, for example USD.');
};

const CURRENCIES = new Set(Intl.supportedValuesOf('currency'));
const known = new Map<string, number>();

const digitsOf = (currency: string): number | undefined => {
  if (!CURRENCIES.has(currency)) return undefined;
  const digits = known.get(currency) ?? minorDigits(currency);
  known.set(currency, digits);
  return digits;
};
