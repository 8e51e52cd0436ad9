import { badFilter } from './filter-problem.js';

export interface Token {
  readonly kind: 'field' | 'operator' | 'value' | 'and' | 'or' | 'not' | '(' | ')' | 'end';
  /** As written; of a value, without quotes and escapes. */
  readonly text: string;
  /** 0-based character where it starts. */
  readonly at: number;
  /** Of a value: in quotes, so never a number, `true` or `null`. */
  readonly quoted?: boolean;
  /** Of a value: ended in a `*` that was not escaped; `text` is without it. */
  readonly star?: boolean;
}

const SPACE = /\s*/y;
const OPERATOR = /!=|<=|>=|=|<|>|:/y;
const WORD = /[\p{L}_][\p{L}\p{N}_.-]*/uy;
const QUOTED = /"(?:\\[^]|[^"\\])*"|'(?:\\[^]|[^'\\])*'/y;
const BARE = /(?:\\[^]|[^\s()"'\\=<>!:])(?:\\[^]|[^\s()"'\\])*/y;
const KEYWORDS = { AND: 'and', OR: 'or', NOT: 'not' } as const;

/** Cuts a filter into tokens. What follows an operator is read as a value, so that times and addresses need no quotes. */
export const tokenizeFilter = (text: string): readonly Token[] => {
  const tokens: Token[] = [];
  let at = match(SPACE, text, 0)!.length;
  while (at < text.length) {
    const valueNext = tokens.at(-1)?.kind === 'operator';
    const [token, length] = valueNext ? readValue(text, at) : readSyntax(text, at);
    tokens.push(token);
    at += length;
    at += match(SPACE, text, at)!.length;
  }
  return [...tokens, { kind: 'end', text: 'the end', at }];
};

const match = (pattern: RegExp, text: string, at: number): string | undefined => {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
};

const readSyntax = (text: string, at: number): [Token, number] => {
  const char = text[at]!;
  if (char === '(' || char === ')') return [{ kind: char, text: char, at }, 1];
  if (char === '-') return [{ kind: 'not', text: char, at }, 1];
  const operator = match(OPERATOR, text, at);
  if (operator) return [{ kind: 'operator', text: operator, at }, operator.length];
  const word = match(WORD, text, at);
  if (!word) throw badFilter('a field name, "(" or NOT', JSON.stringify(text.slice(at, at + 20)), at);
  const kind = Object.hasOwn(KEYWORDS, word) ? KEYWORDS[word as keyof typeof KEYWORDS] : 'field';
  return [{ kind, text: word, at }, word.length];
};

const readValue = (text: string, at: number): [Token, number] => {
  const quoted = match(QUOTED, text, at);
  const raw = quoted ?? match(BARE, text, at);
  if (raw === undefined) {
    const unclosed = text[at] === '"' || text[at] === "'";
    const expected = unclosed ? `a closing ${text[at]}` : 'a value';
    throw badFilter(expected, JSON.stringify(text.slice(at, at + 20)), at);
  }
  const body = quoted === undefined ? raw : raw.slice(1, -1);
  const star = /(?:^|[^\\])(?:\\\\)*\*$/.test(body);
  const value = (star ? body.slice(0, -1) : body).replace(/\\([^])/g, '$1');
  return [{ kind: 'value', text: value, at, quoted: quoted !== undefined, star }, raw.length];
};
