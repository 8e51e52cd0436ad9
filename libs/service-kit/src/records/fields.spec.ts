import { describe, expect, it } from '@jest/globals';
import { fieldsOf, patchOf } from './fields.js';

describe('fields of a message', () => {
  it('are what was given, without what is Rapport’s own', () => {
    const message = { id: 'x', name: 'Ida', title: undefined, phone: '', tags: [], length: 0, open: false };
    expect(fieldsOf(message, ['id'])).toEqual({ name: 'Ida', length: 0, open: false });
  });

  it('of an update are the named ones, null where they are emptied', () => {
    const message = { name: 'Ida', title: undefined, tags: [], length: 9 };
    expect(patchOf(message, ['name', 'title', 'tags'])).toEqual({ name: 'Ida', title: null, tags: null });
  });
});
