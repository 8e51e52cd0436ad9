import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { formerStages } from './former-stages.js';
import { identifiedStages, type StageAsked } from './identified-stages.js';
import type { Stage } from './pipeline.events.js';

const [talk, offer, sign] = ['Talk', 'Offer', 'Sign'].map((name, n) => ({ id: `s${n}`, name, probability: 10 })) as [
  Stage,
  Stage,
  Stage,
];
const known = { present: [talk, offer], former: [sign] };
const asked = (...stages: readonly (string | Omit<StageAsked, 'probability'>)[]) =>
  identifiedStages(
    stages.map((stage) => ({ probability: 10, ...(typeof stage === 'string' ? { name: stage } : stage) })),
    known,
    (n) => `new${n}`,
  );
const idsOf = (stages: ReturnType<typeof asked>): unknown =>
  Array.isArray(stages) ? stages.map(({ id }) => id as string) : stages;

describe('the ids of stages that are asked for', () => {
  it.each([
    ['by name', ['Talk', 'Offer'], ['s0', 's1']],
    ['in another order', ['Offer', 'Talk'], ['s1', 's0']],
    ['with a new one between them', ['Talk', 'Meet', 'Offer'], ['s0', 'new1', 's1']],
    ['written otherwise', [' tALK'], ['s0']],
    ['one that comes back', ['Sign', 'Talk'], ['s2', 's0']],
    ['renamed, by id', [{ id: 's0', name: 'Meet' }, 'Offer'], ['s0', 's1']],
    ['renamed, the old name given to a new one', [{ id: 's0', name: 'Meet' }, 'Talk'], ['s0', 'new1']],
    [
      'names exchanged, by id',
      [
        { id: 's0', name: 'Offer' },
        { id: 's1', name: 'Talk' },
      ],
      ['s0', 's1'],
    ],
    ['a look-alike before the name itself', ['TALK', 'Talk'], ['new0', 's0']],
  ])('%s', (_, stages, ids) => expect(idsOf(asked(...stages))).toEqual(ids));

  it('are refused where the pipeline does not know them, or two stages claim one', () => {
    expect(asked('Talk', { id: 's9', name: 'Meet' })).toMatchObject({ code: 'unknown-stage', field: '/stages/1/id' });
    expect(asked({ id: 's0', name: 'A' }, { id: 's0', name: 'B' })).toMatchObject({
      code: 'stage-repeated',
      field: '/stages/1/id',
    });
  });

  it('differ from each other, stay when what came of it is asked for again, and are never lost', () => {
    const name = fc.constantFrom('Talk', 'talk ', 'Offer', 'Meet', 'Sign', 'sign');
    const edit = fc.array(
      name.map((label): StageAsked => ({ name: label, probability: 10 })),
      { maxLength: 5 },
    );
    fc.assert(
      fc.property(fc.array(edit, { maxLength: 6 }), (edits) => {
        let present: readonly Stage[] = [];
        let former: readonly Stage[] = [];
        const everything = new Set<string>();
        edits.forEach((stages, round) => {
          const next = identifiedStages(stages, { present, former }, (n) => `${round}.${n}`) as readonly Stage[];
          former = formerStages(former, present, next);
          present = next;
          for (const { id } of next) everything.add(id);
          const ids = [...present, ...former].map(({ id }) => id);
          expect(new Set(ids).size).toBe(ids.length);
          expect(new Set(ids)).toEqual(everything);
          expect(identifiedStages(present, { present, former }, () => 'never')).toEqual(present);
        });
      }),
    );
  });
});
