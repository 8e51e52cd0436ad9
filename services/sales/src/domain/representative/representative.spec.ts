import { describe, expect, it } from '@jest/globals';
import { representative } from './representative.js';

const at = { at: '2026-01-01T00:00:00.000Z', id: 'r1' };

describe('a representative', () => {
  it('comes to be and changes teams', () => {
    const fields = { name: 'Ada Example', manager: 'Bo Example', region: 'West' };
    expect(representative.decide.create(null, fields, at)).toEqual([{ type: 'RepresentativeCreated', data: fields }]);
    expect(representative.decide.edit({ ...fields, archived: false }, { set: { region: 'East' } }, at)).toEqual([
      { type: 'RepresentativeEdited', data: { set: { region: 'East' } } },
    ]);
  });

  it('keeps a name', () => {
    expect(representative.decide.create(null, { name: '' }, at)).toMatchObject({
      code: 'name-missing',
      field: '/name',
    });
  });
});
