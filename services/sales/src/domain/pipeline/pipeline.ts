import { type Decision, type RecordState, recordDecider, reject } from '@rapport/kernel';
import type { PipelineFields, Stage } from './pipeline.events.js';

export type PipelineState = RecordState<PipelineFields>;

/** Where won and lost opportunities stand, in every pipeline. */
export const WON_STAGE = 'Won';
export const LOST_STAGE = 'Lost';

/** A pipeline as decisions on opportunities need it; whoever calls them looks it up. */
export interface PipelineStages {
  readonly id: string;
  readonly name: string;
  readonly stages: readonly Stage[];
}

const stagesAreUsable = ({ name, stages }: PipelineFields): Decision<never> | undefined => {
  if (!name?.trim()) return reject('invalid', 'name-missing', 'A pipeline needs a name.', '/name');
  if (!stages?.length) return reject('invalid', 'stages-missing', 'A pipeline needs at least one stage.', '/stages');
  const seen = new Set<string>();
  for (const [index, stage] of stages.entries()) {
    const problem = stageProblem(stage, seen);
    if (problem) return reject('invalid', problem.code, problem.message, `/stages/${index}/${problem.field}`);
    seen.add(stage.name.toLowerCase());
  }
  return undefined;
};

const stageProblem = ({ name, probability }: Stage, seen: ReadonlySet<string>) => {
  const named = (code: string, message: string) => ({ code, message, field: 'name' });
  if (!name?.trim()) return named('stage-name-missing', 'A stage needs a name.');
  if (RESERVED.has(name.toLowerCase())) {
    return named('stage-reserved', `"${name}" ends every pipeline by itself. Leave it out of the stages.`);
  }
  if (seen.has(name.toLowerCase())) return named('stage-repeated', `There are two stages "${name}". Rename one.`);
  if (probability >= 0 && probability <= 100) return undefined;
  return {
    code: 'probability-out-of-range',
    message: `Stage "${name}" has the probability ${probability}. Give a percentage from 0 to 100.`,
    field: 'probability',
  };
};

const RESERVED: ReadonlySet<string> = new Set([WON_STAGE.toLowerCase(), LOST_STAGE.toLowerCase()]);

export const pipeline = recordDecider<'Pipeline', PipelineFields>('pipeline', 'Pipeline', stagesAreUsable);
