import type { Stage } from './pipeline.events.js';
import type { PipelineStages } from './pipeline.js';
import { LOST_STAGE, LOST_STAGE_ID, WON_STAGE, WON_STAGE_ID } from './stage-id.js';

/** A pipeline as it was from a moment on. */
export interface PipelineSince {
  /** RFC 3339 UTC. */
  readonly since: string;
  readonly pipeline: PipelineStages;
}

/** What a pipeline was at any moment: its labels are those of the day. */
export class PipelineOverTime {
  /** @param states the first and every later one, oldest first */
  constructor(private readonly states: readonly [PipelineSince, ...PipelineSince[]]) {}

  get today(): PipelineStages {
    return this.states.at(-1)!.pipeline;
  }

  /** Its first state where it came to be later: what is brought in may be older than the pipeline that it is put into. */
  at(moment: string): PipelineStages {
    return this.states[this.placeOf(moment)]!.pipeline;
  }

  /**
   * What a stage was called: by then at last, or at first where the pipeline got it later. Undefined for a stage that it
   * never had.
   */
  nameOf(stageId: string, moment?: string): string | undefined {
    return CLOSED[stageId] ?? this.stageOf(stageId, moment)?.name;
  }

  /** A stage as it was by then at last, or at first where the pipeline got it later. */
  stageOf(stageId: string, moment?: string): Stage | undefined {
    const place = moment === undefined ? this.states.length - 1 : this.placeOf(moment);
    const known = ({ pipeline }: PipelineSince): Stage | undefined => pipeline.stages.find(({ id }) => id === stageId);
    const last = this.states.slice(0, place + 1).findLast(known);
    const state = last ?? this.states.slice(place + 1).find(known);
    return state && known(state);
  }

  private placeOf(moment: string): number {
    return Math.max(
      0,
      this.states.findLastIndex(({ since }) => since <= moment),
    );
  }
}

const CLOSED: Readonly<Record<string, string>> = { [WON_STAGE_ID]: WON_STAGE, [LOST_STAGE_ID]: LOST_STAGE };
