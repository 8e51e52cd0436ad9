import type { Entry } from './stream.js';

export type Filter = (entry: Entry) => boolean;

export interface FilterOptions {
  readonly on: 'stream' | 'type';
  /** Wins over prefixes when it is not empty; finds anywhere in the text. */
  readonly regex: string;
  /** Any of them. */
  readonly prefixes: readonly string[];
}

/** @throws SyntaxError */
export const filterOf = ({ on, regex, prefixes }: FilterOptions): Filter => {
  const matches = regex ? found(new RegExp(regex)) : begins(prefixes);
  return on === 'stream' ? ({ stream }) => matches(stream.name) : ({ type }) => matches(type);
};

const found =
  (regex: RegExp) =>
  (text: string): boolean =>
    regex.test(text);

const begins =
  (prefixes: readonly string[]) =>
  (text: string): boolean =>
    prefixes.some((prefix) => text.startsWith(prefix));
