import type { RecordNames } from '../names.js';

/** The aggregate: what is known, when it may be said, and its spec. */
export const aggregateFile = ({ one, indefinite }: RecordNames): string => `
import { recordDecider, type RecordEvent, type RecordState, reject } from '@rapport/kernel';

/** What is known of ${indefinite}; the names are the contract's. */
export interface ${one.pascal}Fields {
  readonly name: string;
  readonly description?: string;
  readonly tags?: readonly string[];
  readonly externalId?: string;
}

/** ${['Created', 'Edited', 'Archived', 'Restored', 'ChangeUndone'].map((fact) => one.pascal + fact).join(', ')}. */
export type ${one.pascal}Event = RecordEvent<'${one.pascal}', ${one.pascal}Fields>;

export type ${one.pascal}State = RecordState<${one.pascal}Fields>;

export const ${one.camel} = recordDecider<'${one.pascal}', ${one.pascal}Fields>('${one.camel}', '${one.pascal}', ({ name }) =>
  name?.trim() ? undefined : reject('invalid', 'name-missing', '${indefinite[0]!.toUpperCase()}${indefinite.slice(1)} needs a name.', '/name'),
);
`;

export const aggregateSpec = ({ one, indefinite }: RecordNames): string => `
import { describe, expect, it } from '@jest/globals';
import { fold } from '@rapport/kernel';
import { ${one.camel} } from './${one.kebab}.js';

const at = { at: '2026-01-01T00:00:00.000Z', id: '1' };
const first = { type: '${one.pascal}Created', data: { name: 'First' } } as const;

describe('${indefinite}', () => {
  it('is created, and changed', () => {
    expect(${one.camel}.decide.create(null, first.data, at)).toEqual([first]);
    expect(${one.camel}.decide.edit(fold(${one.camel}, [first]), { set: { description: 'New' } }, at)).toEqual([
      { type: '${one.pascal}Edited', data: { set: { description: 'New' } } },
    ]);
  });

  it('keeps a name', () => {
    expect(${one.camel}.decide.create(null, { name: ' ' }, at)).toMatchObject({ code: 'name-missing', field: '/name' });
    expect(${one.camel}.decide.edit(fold(${one.camel}, [first]), { set: { name: null } }, at)).toMatchObject({
      code: 'name-missing',
    });
  });
});
`;

/** What the contract cannot say about it. */
export const recordFile = (context: string, { one, many }: RecordNames): string => `
import { ${context}V1 } from '@rapport/contracts';
import { defineRecord } from '@rapport/service-kit';
import { ${one.camel} } from '../domain/${one.kebab}/${one.kebab}.js';

/** ${many.words[0]!.toUpperCase()}${many.words.slice(1)}. */
export const ${many.camel} = defineRecord({
  decider: ${one.camel},
  contract: ${context}V1,
  plural: '${many.camel}',
  sort: [{ field: 'name' }],
  indexes: [['name'], ['externalId']],
  unlisted: ['description'],
  import: {
    matchBy: ['externalId', 'name'],
    synonyms: {
      name: ['${one.words}', '${one.words} name', 'title'],
      description: ['details', 'notes'],
      tags: ['labels', 'keywords'],
      externalId: ['${one.words} id', 'id', 'record id', 'external id'],
    },
  },
});
`;
