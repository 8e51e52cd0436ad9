import { describe, expect, it } from '@jest/globals';
import { contractField } from '@rapport/service-kit';
import { RowRules } from './row-rules.js';

const ACCOUNT = 'rapport.contacts.v1.Account';
const columns = [{ column: 'Company', field: { name: 'name', label: 'name', type: 'text', synonyms: [] } }];

describe('the texts of a row', () => {
  const rules = new RowRules({ message: ACCOUNT }, columns as never);
  const { maxLength } = contractField(ACCOUNT, 'name').rules;
  const check = (name: string) => rules.check({ name }).map(({ column, code }) => [column, code]);

  it('have as many characters as those of a request, whatever these take', () => {
    expect(check('😀'.repeat(maxLength))).toEqual([]);
    expect(check('😀'.repeat(maxLength + 1))).toEqual([['Company', 'too-long']]);
  });

  it('hold no half character and no U+0000', () => {
    for (const name of ['Acme\0', 'Acme \uD83D']) expect(check(name)).toEqual([['Company', 'ill-formed-text']]);
  });
});
