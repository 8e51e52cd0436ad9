/** An amount in minor units (cents) of an ISO 4217 currency. `minor` is a safe integer: ± 90 trillion dollars. */
export interface Money {
  readonly minor: number;
  readonly currency: string;
}

export const money = (minor: number, currency: string): Money => ({ minor, currency });

/** Minor units of one major unit: 2 digits unless the currency says otherwise (JPY 0, KWD 3). */
export const minorDigits = (currency: string): number =>
  new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;

/** `percent` of a whole amount, exactly, then rounded half away from zero to a whole minor unit. */
export const percentOf = (minor: number, percent: number): number => {
  const [amount, parts] = [Math.abs(minor), Math.abs(percent)];
  const hundredths = amount * parts;
  const rounded =
    Number.isInteger(parts) && Number.isSafeInteger(hundredths)
      ? (hundredths - (hundredths % 100)) / 100 + (hundredths % 100 >= 50 ? 1 : 0)
      : exactPercentOf(amount, parts);
  return Math.sign(minor) * Math.sign(percent) * rounded + 0;
};

const exactPercentOf = (amount: number, percent: number): number => {
  const [digits, exponent = '0'] = String(percent).split('e') as [string, string?];
  const [whole, fraction = ''] = digits.split('.') as [string, string?];
  const scale = Number(exponent) - fraction.length;
  const product = BigInt(amount) * BigInt(whole + fraction) * 10n ** BigInt(Math.max(scale, 0));
  const divisor = 100n * 10n ** BigInt(Math.max(-scale, 0));
  return Number((product * 2n + divisor) / (divisor * 2n));
};
