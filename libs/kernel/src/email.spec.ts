import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { emailKeyOf } from './email.js';

describe('e-mail addresses are one', () => {
  it.each([
    ['in another case', 'Ada.Lovelace@Example.ORG', 'ada.lovelace@example.org'],
    ['with blanks around', '\u00a0ada@example.org \t', 'ada@example.org'],
    ['as a link', 'mailto:ada@example.org', 'ada@example.org'],
    ['as a link that somebody typed', ' MailTo: ada@example.org', 'ada@example.org'],
    ['with a domain as the network writes it', 'ada@bücher.example', 'ada@xn--bcher-kva.example'],
    ['with a domain of the network in capitals', 'ada@XN--BCHER-KVA.example', 'ada@bücher.example'],
    ['with accents apart', 'ada@bu\u0308cher.example', 'ada@bücher.example'],
    ['with the full stop of another script', 'ada@例え。example', 'ada@xn--r8jz45g.example'],
    ['with a name in another script', 'ИРИНА@пример.example', 'ирина@xn--e1afmkfd.example'],
  ])('%s', (_, one, other) => expect(emailKeyOf(one)).toBe(emailKeyOf(other)));

  it.each([
    ['mailto@example.org', 'example.org'],
    ['ada@bücher.example/x', 'ada@bücher.example/y'],
    ['ada@bücher.example', 'ada@bucher.example'],
    ['ada+crm@example.org', 'ada@example.org'],
  ])('but not %s and %s', (one, other) => expect(emailKeyOf(one)).not.toBe(emailKeyOf(other)));

  it('whatever was written: the form of a form is itself', () => {
    const part = fc.string({ unit: fc.constantFrom('a', 'Ü', 'ß', 'İ', 'Ł', '日', 'e\u0301', '1', '-', '.', 'xn--') });
    fc.assert(
      fc.property(part, part, (name, domain) => {
        const key = emailKeyOf(`${name}@${domain}`);
        expect(emailKeyOf(key)).toBe(key);
        expect(emailKeyOf(` mailto:${name}@${domain}`)).toBe(key);
      }),
    );
  });
});
