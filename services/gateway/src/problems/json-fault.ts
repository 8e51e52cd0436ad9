import { DomainError } from '@rapport/kernel';

const SPACE = /[ \t\r\n]*/y;
const SCALAR =
  /"(?:[^"\\\p{Cc}]|\x7f|[\x80-\x9f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/uy;
const CLOSING: Readonly<Record<string, string>> = { '{': '}', '[': ']' };

/** JSON.parse does not always say where; a reader of the same grammar finds the place. */
export const malformedJson = (text: string): DomainError => {
  const place = new FaultFinder(text).find();
  const before = text.slice(0, place);
  const line = before.split('\n').length;
  const column = place - before.lastIndexOf('\n');
  const what = place >= text.length ? 'it ends too early' : 'something else belongs there';
  const message = `The body is no valid JSON: ${what}, at line ${line}, column ${column} (position ${place}).`;
  return new DomainError('invalid', 'malformed-json', message, {
    fields: [{ pointer: '', code: 'malformed-json', message }],
  });
};

type Expected = 'value' | 'value-or-end' | 'name' | 'name-or-end' | 'separator';

/** Reads token by token; the first one that does not fit is the fault. Nesting costs an entry, not a stack frame. */
class FaultFinder {
  readonly #open: string[] = [];
  #at = 0;
  #expected: Expected = 'value';

  constructor(private readonly text: string) {}

  /** Position of the first character that does not fit. */
  find(): number {
    for (;;) {
      this.#skip(SPACE);
      if (this.#done() || !this.#step()) return this.#at;
    }
  }

  #done(): boolean {
    return this.#expected === 'separator' && this.#open.length === 0;
  }

  #step(): boolean {
    const character = this.text[this.#at] ?? '';
    if (this.#mayEnd() && character === CLOSING[this.#open.at(-1) ?? '']) return this.#close();
    if (this.#expected === 'separator') return character === ',' && this.#next();
    if (this.#expected.startsWith('name')) return this.#name();
    if (character in CLOSING && character !== '') return this.#enter(character);
    return this.#skip(SCALAR) > 0 && this.#expect('separator');
  }

  #mayEnd(): boolean {
    return this.#expected === 'separator' || this.#expected.endsWith('-or-end');
  }

  #name(): boolean {
    if (this.text[this.#at] !== '"' || this.#skip(SCALAR) === 0) return false;
    this.#skip(SPACE);
    if (this.text[this.#at] !== ':') return false;
    this.#at += 1;
    return this.#expect('value');
  }

  #enter(bracket: string): boolean {
    this.#open.push(bracket);
    this.#at += 1;
    return this.#expect(bracket === '{' ? 'name-or-end' : 'value-or-end');
  }

  #close(): boolean {
    this.#open.pop();
    this.#at += 1;
    return this.#expect('separator');
  }

  #next(): boolean {
    this.#at += 1;
    return this.#expect(this.#open.at(-1) === '{' ? 'name' : 'value');
  }

  #expect(what: Expected): true {
    this.#expected = what;
    return true;
  }

  /** @returns how many characters matched */
  #skip(pattern: RegExp): number {
    pattern.lastIndex = this.#at;
    const length = pattern.exec(this.text)?.[0].length ?? 0;
    this.#at += length;
    return length;
  }
}
