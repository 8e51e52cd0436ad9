import { describe, expect, it } from '@jest/globals';
import { form } from './form.js';

const at = { at: '2026-01-01T00:00:00.000Z', id: 'f1' };
const email = { field: 'email', label: 'E-mail' };

describe('a form', () => {
  it('has a name, and asks for somebody', () => {
    expect(form.decide.create(null, { name: 'Us', fields: [email] }, at)).toHaveLength(1);
    expect(form.decide.create(null, { name: ' ', fields: [email] }, at)).toMatchObject({ code: 'name-missing' });
    expect(form.decide.create(null, { name: 'Us', fields: [{ field: 'title', label: 'T' }] }, at)).toMatchObject({
      code: 'nobody-asked',
    });
  });

  it('asks for each field once, and for the address of whoever consents', () => {
    expect(form.decide.create(null, { name: 'Us', fields: [email, email] }, at)).toMatchObject({
      ...{ code: 'asked-twice', field: '/fields/1/field' },
    });
    const consent = { topic: 'news', purpose: 'marketing', textVersion: '1', text: 'Yes' };
    const fields = [{ field: 'phone', label: 'Phone' }];
    expect(form.decide.create(null, { name: 'Us', fields, consent }, at)).toMatchObject({ code: 'no-address' });
  });
});
