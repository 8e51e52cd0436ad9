import { describe, expect, it } from '@jest/globals';
import { Namespace } from './namespace.js';

describe('a namespace', () => {
  const prefixesOf = (namespace: Namespace, prefixes: readonly string[]) => namespace.filter(prefixes, undefined);

  it('stands before the names in the engine and is not seen in Rapport', () => {
    const namespace = Namespace.of('test_1');
    expect(namespace.outside('contact-acme-1')).toBe('test_1.contact-acme-1');
    expect(namespace.inside('test_1.contact-acme-1')).toBe('contact-acme-1');
  });

  it('bounds what a follower sees', () => {
    expect(prefixesOf(Namespace.of('test'), [])).toMatchObject({ prefixes: ['test.'] });
    expect(prefixesOf(Namespace.of('test'), ['contact-'])).toMatchObject({ prefixes: ['test.contact-'] });
    expect(prefixesOf(Namespace.of(), ['contact-'])).toMatchObject({ prefixes: ['contact-'] });
  });

  it('leaves out the engine`s own streams when there is none', () => {
    const { regex } = prefixesOf(Namespace.of(), []) as { regex: string };
    expect(
      ['contact-acme-1', '$ce-contact', '$$contact-acme-1'].filter((name) => new RegExp(regex).test(name)),
    ).toEqual(['contact-acme-1']);
  });

  it.each(['Upper', 'with-hyphen', 'with.dot', '1st', '$system', 'x'.repeat(41)])('is not called %s', (name) => {
    expect(() => Namespace.of(name)).toThrow('is no namespace');
  });
});
