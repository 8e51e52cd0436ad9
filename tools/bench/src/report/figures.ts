/** 1234567.8 → `1,234,568`. */
export const whole = (value: number): string => Math.round(value).toLocaleString('en-US');

export const perSecond = (value: number): string => `${whole(value)}/s`;

export const milliseconds = (value: number): string => `${value.toFixed(value < 10 ? 2 : 0)} ms`;

export const seconds = (value: number): string => `${value.toFixed(2)} s`;

/** Takes bytes. */
export const megabytes = (value: number | undefined): string =>
  value === undefined ? 'not known here' : `${whole(value / 2 ** 20)} MB`;

export const percent = (share: number): string => `${Math.round(share * 100)} %`;

/** The smallest value that the given share of all values does not exceed; NaN of nothing. */
export const percentile = (values: readonly number[], share: number): number => {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
};

export const median = (values: readonly number[]): number => {
  const sorted = Float64Array.from(values).sort();
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
};

/** `p50 1.20 ms, p95 3.40 ms` */
export const percentiles = (values: readonly number[], ...shares: readonly number[]): string =>
  shares.map((share) => `p${share * 100} ${milliseconds(percentile(values, share))}`).join(', ');
