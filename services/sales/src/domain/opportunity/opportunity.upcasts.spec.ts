import { describe, expect, it } from '@jest/globals';
import { stageIdOf } from '../pipeline/stage-id.js';
import { pipelineUpcasts } from '../pipeline/pipeline.upcasts.js';
import { opportunityUpcasts } from './opportunity.upcasts.js';

const frozen = <T extends object>(data: T): T => Object.freeze(data);

describe('events from before stages had ids', () => {
  it('know theirs by the name as it was written, in whichever pipeline', () => {
    expect(stageIdOf('Engaging')).toBe('373810e1-1661-5a1a-89f2-a373fa5d5bbc');
    expect(stageIdOf('engaging ')).not.toBe(stageIdOf('Engaging'));
    const [created] = pipelineUpcasts.PipelineCreated;
    expect(created(frozen({ name: 'Hardware', stages: [{ name: 'Engaging', probability: 50 }] }))).toEqual({
      name: 'Hardware',
      stages: [{ id: stageIdOf('Engaging'), name: 'Engaging', probability: 50 }],
    });
    const [edited] = pipelineUpcasts.PipelineEdited;
    expect(edited(frozen({ set: { currency: null } }))).toEqual({ set: { currency: null } });
    expect(edited(frozen({ set: { stages: [{ name: 'Talk', probability: 1 }] } }))).toEqual({
      set: { stages: [{ id: stageIdOf('Talk'), name: 'Talk', probability: 1 }] },
    });
    const [moved] = opportunityUpcasts.OpportunityMoved;
    const place = { stage: 'Engaging', probability: 50, stageEnteredAt: 't' };
    expect(moved(frozen(place))).toEqual({ ...place, stageId: stageIdOf('Engaging') });
  });

  it('take back what they changed, closings too', () => {
    const [undone] = opportunityUpcasts.OpportunityChangeUndone;
    const upcast = (set: object) => (undone(frozen({ undone: {}, set: frozen(set) })) as { set: object }).set;
    expect(upcast({ name: 'x' })).toEqual({ name: 'x' });
    expect(upcast({ stage: 'Engaging', stageBeforeClosing: null })).toEqual({
      stage: 'Engaging',
      stageId: stageIdOf('Engaging'),
      stageIdBeforeClosing: null,
    });
    expect(upcast({ stage: 'Won', stageBeforeClosing: 'Engaging' })).toMatchObject({
      stageId: stageIdOf('Won'),
      stageIdBeforeClosing: stageIdOf('Engaging'),
    });
  });
});
