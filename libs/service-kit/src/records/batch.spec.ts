import { describe, expect, it } from '@jest/globals';
import type { CallContext } from '@rapport/kernel';
import { type BatchMethods, type BatchRow, runBatch } from './batch.js';

interface Update {
  readonly id: string;
  readonly name: string;
}

const call = (given: Partial<CallContext> = {}): CallContext => ({
  principal: { tenant: 'main', actor: { kind: 'user', id: 'u' }, roles: [] },
  correlationId: 'c',
  answer: {},
  ...given,
});

/** Methods that note what they are asked, and under which key; each gives way to the others before it is done. */
const noting = (notes: string[]): BatchMethods<{ name: string }, Update> => {
  const note = async (text: string, id: string, { idempotencyKey }: CallContext) => {
    notes.push(`${text} begins`);
    for (let turns = notes.length % 3; turns >= 0; turns -= 1) await Promise.resolve();
    notes.push(`${text} ends`);
    return { id: idempotencyKey ?? id };
  };
  return {
    create: ({ name }, row) => note(`create ${name}`, name, row),
    update: ({ id, name }, row) => note(`update ${id} ${name}`, id, row),
    archive: ({ id }, row) => note(`archive ${id}`, id, row),
    restore: ({ id }, row) => note(`restore ${id}`, id, row),
  };
};

const run = async (rows: readonly BatchRow<{ name: string }, Update>[], given: Partial<CallContext> = {}) => {
  const notes: string[] = [];
  const { data } = await runBatch(rows, noting(notes), call(given));
  return { notes, data: data.map(({ clientRef, status, id, problem }) => [clientRef, status, id ?? problem?.code]) };
};

describe('a batch', () => {
  it('runs the rows about one record one after the other, and the others beside them', async () => {
    const { notes } = await run([
      { clientRef: '', update: { id: 'a', name: '1' } },
      { clientRef: '', update: { id: 'b', name: '1' } },
      { clientRef: '', archive: { id: 'a' } },
      { clientRef: '', restore: { id: 'a' } },
      { clientRef: '', update: { id: 'a', name: '2' } },
    ]);
    expect(notes.slice(0, 2)).toEqual(['update a 1 begins', 'update b 1 begins']);
    expect(notes.filter((note) => !note.includes(' b '))).toEqual(
      ['update a 1', 'archive a', 'restore a', 'update a 2'].flatMap((text) => [`${text} begins`, `${text} ends`]),
    );
  });

  it('under a key refuses the second row of one reference', async () => {
    const rows = [
      { clientRef: 'a', create: { name: 'First' } },
      { clientRef: 'a', create: { name: 'Second' } },
      { clientRef: '', create: { name: 'Third' } },
      { clientRef: '2', create: { name: 'Fourth' } },
    ];
    const { data, notes } = await run(rows, { idempotencyKey: 'k' });
    expect(data).toEqual([
      ['a', 201, 'k/a'],
      ['a', 409, 'client-ref-repeated'],
      ['', 201, 'k/2'],
      ['2', 409, 'client-ref-repeated'],
    ]);
    expect(notes).not.toContain('create Second begins');
    const { data: outcomes } = await runBatch(rows, noting([]), call({ idempotencyKey: 'k' }));
    expect(outcomes[3]!.problem!.detail).toMatch(/^Rows 2 and 3 of this batch/);
    expect((await run(rows)).data.map(([, status]) => status)).toEqual([201, 201, 201, 201]);
  });
});
