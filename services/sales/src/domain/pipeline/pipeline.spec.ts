import { describe, expect, it } from '@jest/globals';
import type { PipelineFields } from './pipeline.events.js';
import { pipeline } from './pipeline.js';

const at = { at: '2026-01-01T00:00:00.000Z', id: 'p1' };
const hardware: PipelineFields = { name: 'Hardware', stages: [{ name: 'Engaging', probability: 50 }] };
const withStages = (...stages: PipelineFields['stages']) => pipeline.decide.create(null, { ...hardware, stages }, at);

describe('a pipeline', () => {
  it('comes to be with its stages', () => {
    expect(pipeline.decide.create(null, hardware, at)).toEqual([{ type: 'PipelineCreated', data: hardware }]);
  });

  it.each([
    ['no stage', [], 'stages-missing', '/stages'],
    ['a nameless stage', [{ name: ' ', probability: 1 }], 'stage-name-missing', '/stages/0/name'],
    ['"won" as a stage', [{ name: 'won', probability: 1 }], 'stage-reserved', '/stages/0/name'],
    ['"Lost" as a stage', [{ name: 'Lost', probability: 1 }], 'stage-reserved', '/stages/0/name'],
    ['101 %', [{ name: 'A', probability: 101 }], 'probability-out-of-range', '/stages/0/probability'],
    ['less than nothing', [{ name: 'A', probability: -1 }], 'probability-out-of-range', '/stages/0/probability'],
    ['not a number', [{ name: 'A', probability: NaN }], 'probability-out-of-range', '/stages/0/probability'],
  ])('refuses %s', (_, stages, code, field) => {
    expect(withStages(...stages)).toMatchObject({ rejected: 'invalid', code, field });
  });

  it('refuses two stages of one name', () => {
    expect(withStages({ name: 'Talk', probability: 1 }, { name: 'talk', probability: 2 })).toMatchObject({
      code: 'stage-repeated',
      field: '/stages/1/name',
    });
  });

  it('refuses an edit that takes all stages away', () => {
    expect(pipeline.decide.edit({ ...hardware, archived: false }, { set: { stages: [] } }, at)).toMatchObject({
      code: 'stages-missing',
    });
  });
});
