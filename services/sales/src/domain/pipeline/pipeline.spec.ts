import { describe, expect, it } from '@jest/globals';
import type { PipelineFields, Stage } from './pipeline.events.js';
import { pipeline } from './pipeline.js';

const at = { at: '2026-01-01T00:00:00.000Z', id: 'p1' };
const stage = (name: string, probability = 50, id = name): Stage => ({ id, name, probability });
const hardware: PipelineFields = { name: 'Hardware', stages: [stage('Engaging')] };
const withStages = (...stages: PipelineFields['stages']) => pipeline.decide.create(null, { ...hardware, stages }, at);

describe('a pipeline', () => {
  it('comes to be with its stages', () => {
    expect(pipeline.decide.create(null, hardware, at)).toEqual([{ type: 'PipelineCreated', data: hardware }]);
  });

  it.each([
    ['no stage', [], 'stages-missing', '/stages'],
    ['a nameless stage', [stage(' ')], 'stage-name-missing', '/stages/0/name'],
    ['"won" as a stage', [stage('won')], 'stage-reserved', '/stages/0/name'],
    ['" LOST " as a stage', [stage(' LOST ')], 'stage-reserved', '/stages/0/name'],
    ['101 %', [stage('A', 101)], 'probability-out-of-range', '/stages/0/probability'],
    ['less than nothing', [stage('A', -1)], 'probability-out-of-range', '/stages/0/probability'],
    ['not a number', [stage('A', NaN)], 'probability-out-of-range', '/stages/0/probability'],
  ])('refuses %s', (_, stages, code, field) => {
    expect(withStages(...stages)).toMatchObject({ rejected: 'invalid', code, field });
  });

  it.each([
    ['capital letters', 'Talk', 'TALK'],
    ['blanks around them', 'Talk', ' Talk\u00A0'],
    ['blanks between words', 'First talk', 'First  talk'],
    ['how Unicode composes them', 'Pr\u00E9sentation', 'Pre\u0301sentation'],
    ['what cannot be seen', 'Talk', 'Ta\u200Blk'],
    ['a letter without a capital', 'Stra\u00DFe', 'STRASSE'],
  ])('refuses two stages whose names differ only in %s', (_, one, other) => {
    expect(withStages(stage(one), stage(other))).toMatchObject({ code: 'stage-repeated', field: '/stages/1/name' });
  });

  it('refuses an edit that takes all stages away', () => {
    expect(pipeline.decide.edit({ ...hardware, archived: false }, { set: { stages: [] } }, at)).toMatchObject({
      code: 'stages-missing',
    });
  });
});

describe('a pipeline from before names were compared so', () => {
  const twins = [stage('Talk'), stage('talk '), stage('TALK'), stage(' lost')];
  const old = { name: 'Hardware', stages: twins, archived: false };
  const edited = (stages: readonly Stage[]) => pipeline.decide.edit(old, { set: { stages } }, at);

  it('can be changed, and mended name by name', () => {
    expect(pipeline.decide.edit(old, { set: { name: 'Machines' } }, at)).toHaveLength(1);
    expect(edited([...twins.slice(1), { ...twins[0]!, probability: 10 }])).toHaveLength(1);
    expect(edited([twins[0]!, { ...twins[1]!, name: 'Offer' }, ...twins.slice(2)])).toHaveLength(1);
  });

  it('gets no further twin', () => {
    expect(edited([...twins, stage('tAlK')])).toMatchObject({ code: 'stage-repeated', field: '/stages/4/name' });
    expect(edited([{ ...twins[0]!, name: 'tALK' }, twins[1]!])).toMatchObject({ code: 'stage-repeated' });
  });
});
