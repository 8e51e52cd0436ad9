import { invalid } from './scim-error.js';

export type Operator = 'eq' | 'ne' | 'co' | 'sw' | 'ew' | 'gt' | 'ge' | 'lt' | 'le';

/** What a filter asks for (RFC 7644, section 3.4.2.2). */
export type Filter =
  | { readonly is: 'and' | 'or'; readonly parts: readonly Filter[] }
  | { readonly is: 'not'; readonly part: Filter }
  | { readonly is: 'present'; readonly path: string }
  | { readonly is: 'compared'; readonly path: string; readonly by: Operator; readonly value: Literal }
  /** One value of an attribute of several fits it all: `emails[type eq "work" and primary eq true]`. */
  | { readonly is: 'within'; readonly path: string; readonly part: Filter };

export type Literal = string | number | boolean | null;

const OPERATORS: ReadonlySet<string> = new Set(['eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le']);
const PATH = /^(?:urn:[^\s"]+:)?[A-Za-z$][\w$-]*(?:\.[A-Za-z$][\w$-]*)*$/i;
const TOKEN = /\s*(?:([()[\]])|("(?:[^"\\]|\\.)*")|([^\s()[\]"]+))/y;
/** Of parts within parts: each is a call. */
const DEEPEST = 40;

/** @throws ScimError invalidFilter */
export const parseFilter = (text: string): Filter => new Parser(text).all();

class Parser {
  private readonly tokens: readonly string[];
  private next = 0;
  private depth = 0;

  constructor(private readonly text: string) {
    this.tokens = tokensOf(text);
  }

  all(): Filter {
    const filter = this.either();
    if (this.next < this.tokens.length) throw this.fault();
    return filter;
  }

  private either(): Filter {
    this.depth += 1;
    if (this.depth > DEEPEST) throw this.fault();
    const filter = this.joined('or', () => this.joined('and', () => this.term()));
    this.depth -= 1;
    return filter;
  }

  private joined(is: 'and' | 'or', part: () => Filter): Filter {
    const parts = [part()];
    while (this.took(is)) parts.push(part());
    return parts.length === 1 ? parts[0]! : { is, parts };
  }

  private term(): Filter {
    if (this.took('not')) return { is: 'not', part: this.grouped() };
    return this.tokens[this.next] === '(' ? this.grouped() : this.expression();
  }

  private grouped(): Filter {
    this.expect('(');
    const filter = this.either();
    this.expect(')');
    return filter;
  }

  private expression(): Filter {
    const path = this.tokens[this.next++] ?? '';
    if (!PATH.test(path)) throw this.fault();
    if (this.tokens[this.next] === '[') return this.within(path);
    if (this.took('pr')) return { is: 'present', path };
    return this.comparison(path);
  }

  /** `emails[type eq "work"]`, and also `emails[type eq "work"].value eq "ada@example.org"`. */
  private within(path: string): Filter {
    this.expect('[');
    const part = this.either();
    this.expect(']');
    const inner = this.tokens[this.next];
    if (!inner?.startsWith('.')) return { is: 'within', path, part };
    this.next += 1;
    const further = this.took('pr')
      ? { is: 'present' as const, path: inner.slice(1) }
      : this.comparison(inner.slice(1));
    return { is: 'within', path, part: { is: 'and', parts: [part, further] } };
  }

  private comparison(path: string): Filter {
    const by = (this.tokens[this.next++] ?? '').toLowerCase();
    if (!OPERATORS.has(by)) throw this.fault();
    return { is: 'compared', path, by: by as Operator, value: this.literal() };
  }

  private literal(): Literal {
    const token = this.tokens[this.next++] ?? '';
    try {
      const value: unknown = JSON.parse(/^(true|false|null)$/i.test(token) ? token.toLowerCase() : token);
      if (typeof value !== 'object' || value === null) return value as Literal;
    } catch {
      // It is said below.
    }
    throw this.fault();
  }

  private took(word: string): boolean {
    if (this.tokens[this.next]?.toLowerCase() !== word) return false;
    this.next += 1;
    return true;
  }

  private expect(token: string): void {
    if (!this.took(token)) throw this.fault();
  }

  private fault() {
    const at = this.tokens[this.next - 1] ?? this.tokens.at(-1) ?? '';
    return invalid('invalidFilter', `This filter cannot be read near ${at || 'its end'}: ${this.text.slice(0, 200)}`);
  }
}

const tokensOf = (text: string): readonly string[] => {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  const end = text.trimEnd().length;
  while (TOKEN.lastIndex < end) {
    const from = TOKEN.lastIndex;
    const match = TOKEN.exec(text);
    if (!match) throw invalid('invalidFilter', `This filter cannot be read from ${text.slice(from, from + 50)} on.`);
    tokens.push(match[1] ?? match[2] ?? match[3]!);
  }
  return tokens;
};
