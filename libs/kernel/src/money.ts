/** An amount in minor units (cents) of an ISO 4217 currency. `minor` is a safe integer: ± 90 trillion dollars. */
export interface Money {
  readonly minor: number;
  readonly currency: string;
}

export const money = (minor: number, currency: string): Money => ({ minor, currency });

/** Minor units of one major unit: 2 digits unless the currency says otherwise (JPY 0, KWD 3). */
export const minorDigits = (currency: string): number =>
  new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;

/** `percent` of an amount, rounded half away from zero to a whole minor unit. */
export const percentOf = (minor: number, percent: number): number => {
  const exact = (Math.abs(minor) * percent) / 100;
  return Math.sign(minor) * Math.floor(exact + 0.5);
};
