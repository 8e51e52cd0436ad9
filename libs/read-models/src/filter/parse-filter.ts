import { type TimeZone, UTC } from '@rapport/kernel';
import { and, not, or, where, type Filter, type FilterValue, type Operator } from './filter.js';
import { checkComparison, toBoolean, toNumber, type Fields } from './check-filter.js';
import { badFilter } from './filter-problem.js';
import { tokenizeFilter, type Token } from './tokenize-filter.js';

/**
 * Bounds on what people and programs may send: characters, nesting, comparisons, and those among them that read the text of
 * every record, which cost so much more.
 */
export const FILTER_LIMITS = { length: 8192, depth: 50, terms: 200, searches: 10 } as const;

/**
 * Reads a filter as written, see {@link Filter} for the grammar; an empty text matches everything. With `fields`, names
 * are checked and values converted to their field's type; without, bare numbers, `true`, `false` and `null` keep theirs.
 * A date that is compared with times stands for its first instant in the zone.
 * Throws DomainError invalid `bad-filter` that names the character, what was found and what was expected.
 */
export const parseFilter = (text: string, fields?: Fields, zone = UTC): Filter => {
  if (text.length > FILTER_LIMITS.length) {
    throw badFilter(`at most ${FILTER_LIMITS.length} characters`, `${text.length}`, FILTER_LIMITS.length);
  }
  return new FilterParser(tokenizeFilter(text), fields, zone).parse();
};

class FilterParser {
  private next = 0;
  private depth = 0;
  private terms = 0;
  private searches = 0;

  constructor(
    private readonly tokens: readonly Token[],
    private readonly fields: Fields | undefined,
    private readonly zone: TimeZone,
  ) {}

  parse(): Filter {
    if (this.skip('end')) return and();
    const filter = this.sequence();
    if (!this.skip('end')) throw this.unexpected('AND, OR or the end', this.peek);
    return filter;
  }

  private get peek(): Token {
    return this.tokens[this.next]!;
  }

  private take(): Token {
    const token = this.peek;
    if (token.kind !== 'end') this.next += 1;
    return token;
  }

  private skip(kind: Token['kind']): boolean {
    if (this.peek.kind !== kind) return false;
    this.next += 1;
    return true;
  }

  private sequence(): Filter {
    const factors = [this.factor()];
    while (this.skip('and') || STARTS_TERM.has(this.peek.kind)) factors.push(this.factor());
    return and(...factors);
  }

  private factor(): Filter {
    const alternatives = [this.term()];
    while (this.skip('or')) alternatives.push(this.term());
    return or(...alternatives);
  }

  private term(): Filter {
    if (++this.depth > FILTER_LIMITS.depth) throw this.unexpected(`at most ${FILTER_LIMITS.depth} levels`, this.peek);
    const filter = this.skip('not') ? not(this.term()) : this.peek.kind === '(' ? this.group() : this.comparison();
    this.depth -= 1;
    return filter;
  }

  private group(): Filter {
    const open = this.take();
    const filter = this.sequence();
    if (!this.skip(')')) throw this.unexpected(`")" for the "(" at character ${open.at}`, this.peek);
    return filter;
  }

  private comparison(): Filter {
    const field = this.take();
    if (field.kind !== 'field') throw this.unexpected('a field name, "(" or NOT', field);
    if (++this.terms > FILTER_LIMITS.terms) {
      throw this.unexpected(`at most ${FILTER_LIMITS.terms} comparisons`, field);
    }
    const operator = this.take();
    if (operator.kind !== 'operator') {
      const keyword = /^(?:and|or|not)$/i.test(field.text) ? ` (write ${field.text.toUpperCase()} in capitals)` : '';
      throw this.unexpected(`an operator after "${field.text}"${keyword}`, operator);
    }
    const value = this.take();
    if (value.kind !== 'value') throw this.unexpected(`a value for field "${field.text}"`, value);
    return this.compare(field, operator.text, value);
  }

  private compare(field: Token, written: string, value: Token): Filter {
    const { operator, negated } = operatorOf(written, value);
    this.bound(operator, field);
    const star = value.star && operator !== 'starts-with' && operator !== 'present' ? '*' : '';
    const text = value.text + star;
    const type = this.fields && Object.hasOwn(this.fields, field.text) ? this.fields[field.text] : undefined;
    const plain = operator === 'present' ? null : literal(text, value.quoted || operator === 'starts-with', type);
    const comparison = where(field.text, operator, plain);
    if (!this.fields) return negated ? not(comparison) : comparison;
    const checked = checkComparison(
      { kind: 'compare', field: field.text, operator, value: plain },
      this.fields,
      this.zone,
    );
    if ('expected' in checked) {
      const at = type === undefined ? field.at : value.at;
      throw badFilter(checked.expected, checked.found, at);
    }
    return negated ? not(checked) : checked;
  }

  private bound(operator: Operator, field: Token): void {
    if (operator !== 'starts-with' && !(operator === 'has' && this.isText(field))) return;
    if (++this.searches <= FILTER_LIMITS.searches) return;
    const narrower = `at most ${FILTER_LIMITS.searches} comparisons that search in texts (write = where the whole text is meant, or narrow the rest by it)`;
    throw badFilter(narrower, `one more, on "${field.text}"`, field.at);
  }

  private isText({ text }: Token): boolean {
    const type = this.fields && Object.hasOwn(this.fields, text) ? this.fields[text] : undefined;
    return type === undefined || type === 'text' || type === 'texts';
  }

  private unexpected(expected: string, token: Token): Error {
    return badFilter(expected, token.kind === 'end' ? token.text : JSON.stringify(token.text), token.at);
  }
}

const STARTS_TERM = new Set<Token['kind']>(['field', 'not', '(']);

/** A last star makes `=` "starts with" and `!=` its complement; a lone one after `:` asks for presence. */
const operatorOf = (written: string, value: Token): { operator: Operator; negated: boolean } => {
  if (written === ':') {
    const present = value.star && value.text === '' && !value.quoted;
    return { operator: present ? 'present' : 'has', negated: false };
  }
  if (value.star && (written === '=' || written === '!='))
    return { operator: 'starts-with', negated: written === '!=' };
  return { operator: written as Operator, negated: false };
};

/** Bare words are numbers, booleans or null where they look like it, but `007` stays text in a text field. */
const literal = (text: string, isText: boolean, type: Fields[string] | undefined): FilterValue => {
  if (isText) return text;
  if (text === 'null') return null;
  if (type === 'text' || type === 'texts') return text;
  return toBoolean(text) ?? toNumber(text) ?? text;
};
