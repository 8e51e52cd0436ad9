import { and, compareText, type Filter, or, searchKey, where } from '@rapport/read-models';
import type { Stage } from '../../domain/pipeline/pipeline.events.js';
import { LOST_STAGE, LOST_STAGE_ID, WON_STAGE, WON_STAGE_ID } from '../../domain/pipeline/stage-id.js';

interface PipelineOfStages {
  readonly id: string;
  readonly stages: readonly Stage[];
  readonly formerStages?: readonly Stage[];
}

/** Where opportunities stand: a stage of one pipeline. */
interface Place {
  readonly pipelineId: string;
  readonly stageId: string;
  readonly name: string;
  readonly staleAfterDays?: number;
}

/** What the stages of some pipelines are called today, those that are gone by their last name. */
export class StageNames {
  private readonly byKey = new Map<string, Place>();
  private readonly places: readonly Place[];

  constructor(pipelines: Iterable<PipelineOfStages>) {
    this.places = [...pipelines].flatMap(({ id: pipelineId, stages, formerStages = [] }) =>
      [...stages, ...formerStages].map(({ id: stageId, ...stage }) => ({ pipelineId, stageId, ...stage })),
    );
    for (const place of this.places) this.byKey.set(keyOf(place.pipelineId, place.stageId), place);
  }

  nameOf(pipelineId: string, stageId: string): string | undefined {
    return CLOSED.get(stageId) ?? this.placeOf(pipelineId, stageId)?.name;
  }

  placeOf(pipelineId: string, stageId: string): Place | undefined {
    return this.byKey.get(keyOf(pipelineId, stageId));
  }

  /** Opportunities that have been in their stage for too long. @param since before what instant, after so many days */
  stale(since: (staleAfterDays: number) => string): Filter {
    const late = this.places.flatMap(({ pipelineId, stageId, staleAfterDays }) =>
      staleAfterDays === undefined
        ? []
        : and(
            where('pipelineId', '=', pipelineId),
            where('stageId', '=', stageId),
            where('stageEnteredAt', '<', since(staleAfterDays)),
          ),
    );
    if (late.length === 0) return where('id', '=', '');
    return and(where('status', '=', 'open'), where('archived', '=', false), or(...late));
  }

  /** Names that sort alike, in order. */
  alike(descending: boolean): readonly string[] {
    const keys = new Set([...this.places.map(({ name }) => name), ...CLOSED.values()].map(searchKey));
    return [...keys].sort((left, right) => (descending ? compareText(right, left) : compareText(left, right)));
  }

  /** Opportunities whose stage is called something that passes. */
  called(passes: (name: string) => boolean): Filter {
    const closed = [...CLOSED].filter(([, name]) => passes(name)).map(([id]) => where('stageId', '=', id));
    const byId = Map.groupBy(this.places, ({ stageId }) => stageId);
    const open = [...byId].map(([id, places]) => inPlaces(id, places, ({ name }) => passes(name)));
    return or(...closed, ...open.filter((filter) => filter !== undefined));
  }
}

/** A stage of one id, in those of its pipelines where it passes: mostly in all, or in none. */
const inPlaces = (id: string, places: readonly Place[], passes: (place: Place) => boolean): Filter | undefined => {
  const [passing, others] = [places.filter(passes), places.filter((place) => !passes(place))];
  if (passing.length === 0) return undefined;
  const there = where('stageId', '=', id);
  if (others.length === 0) return there;
  const pipelines = or(...passing.map(({ pipelineId }) => where('pipelineId', '=', pipelineId)));
  return and(there, pipelines);
};

const keyOf = (pipelineId: string, stageId: string): string => `${pipelineId}/${stageId}`;

const CLOSED: ReadonlyMap<string, string> = new Map([
  [WON_STAGE_ID, WON_STAGE],
  [LOST_STAGE_ID, LOST_STAGE],
]);
