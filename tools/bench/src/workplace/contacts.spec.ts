import { describe, expect, it } from '@jest/globals';
import { contactOf, csvOfContacts } from './contacts.js';

describe('csvOfContacts', () => {
  const { text, rows, repeated } = csvOfContacts(1_900);
  const lines = text.split('\n').slice(1);
  const mails = lines.map((line) => line.split(',')[3]!);

  it('has every person once and each twentieth row again', () => {
    expect([rows, repeated, lines.length]).toEqual([1_999, 99, 1_999]);
    expect(new Set(mails).size).toBe(1_900);
  });

  it('repeats only people who stand above', () => {
    mails.forEach((mail, n) => {
      if ((n + 1) % 20 === 0) expect(mails.indexOf(mail)).toBeLessThan(n);
    });
  });

  it('is the same every time', () => {
    expect(csvOfContacts(1_900).text).toBe(text);
    expect(contactOf(7)).toEqual(contactOf(7));
  });
});
