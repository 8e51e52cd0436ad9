import { describe, expect, it } from '@jest/globals';
import { contractMessage } from '../contract/contract-messages.js';
import { requestSchema } from './request-schema.js';
import { formats } from './formats.js';
import { Validation } from './validation.js';

describe('a telephone number', () => {
  it.each([
    '112',
    '+44 20 7946 0000',
    '(020) 7946-0000 ext. 12',
    '1-800-FLOWERS',
    '0041.79.555 44 33',
    '٠٢٠١٢٣',
    '*31#',
  ])('is %j, unless it has too few digits to be dialled', (text) =>
    expect(formats['phone']!(text)).toBe(text !== '*31#'),
  );

  it.each(['', 'n/a', 'unknown', '+', '12', '4711@example.org', '020 7946\n0000'])('is not %j', (text) =>
    expect(formats['phone']!(text)).toBe(false),
  );
});

describe('what a contact is reached by', () => {
  const validate = new Validation().compile(requestSchema(contractMessage('rapport.contacts.v1.Contact'), 'changes'));

  it('is held to one rule, the first and the others', () => {
    const wrong = { email: 'nobody', phone: 'n/a', otherEmails: ['ada@example.org', 'nobody'], otherPhones: ['n/a'] };
    expect(validate(wrong).map(({ pointer, code }) => [pointer, code])).toEqual([
      ['/email', 'wrong-format'],
      ['/phone', 'wrong-format'],
      ['/otherEmails/1', 'wrong-format'],
      ['/otherPhones/0', 'wrong-format'],
    ]);
  });

  it('may be as long as its limit in characters, not in what they are written with', () => {
    expect(validate({ lastName: '😀'.repeat(200) })).toEqual([]);
    expect(validate({ email: `${'😀'.repeat(200)}@example.org` })).toEqual([]);
    expect(validate({ lastName: '😀'.repeat(201) })).toMatchObject([{ pointer: '/lastName', code: 'too-long' }]);
  });
});
