import { type FieldRule, isVisible, needsName, type RecordState, recordDecider, reject } from '@rapport/kernel';
import type { PipelineFields, Stage } from './pipeline.events.js';
import { pipelineUpcasts } from './pipeline.upcasts.js';
import { LOST_STAGE, WON_STAGE } from './stage-id.js';
import { labelKey } from './stage-label.js';

export type PipelineState = RecordState<PipelineFields>;

/** A pipeline as decisions on opportunities need it; whoever calls them looks it up. */
export interface PipelineStages {
  readonly id: string;
  readonly name: string;
  readonly stages: readonly Stage[];
  readonly lostReasons?: readonly string[];
}

/** Labels that stay as they were are not judged: what was taken before this rule can be mended one by one. */
const stagesAreUsable: FieldRule<PipelineFields> = ({ name, stages, lostReasons = [] }, before) => {
  const nameless = needsName('A pipeline')({ name }, before);
  if (nameless) return nameless;
  if (!stages?.length) return reject('invalid', 'stages-missing', 'A pipeline needs at least one stage.', '/stages');
  const isKept = ({ id, name: label }: Stage): boolean =>
    before?.stages.some((known) => known.id === id && known.name === label) ?? false;
  for (const [index, stage] of stages.entries()) {
    const kept = isKept(stage);
    const rivals = stages.slice(0, index).filter((earlier) => !kept || !isKept(earlier));
    const problem = probabilityProblem(stage) ?? (kept ? undefined : labelProblem(stage)) ?? twinProblem(stage, rivals);
    if (problem) return reject('invalid', problem.code, problem.message, `/stages/${index}/${problem.field}`);
  }
  return reasonsProblem(lostReasons);
};

const reasonsProblem = (reasons: readonly string[]) => {
  const keys = reasons.map(labelKey);
  const at = keys.findIndex((key, n) => key === '' || keys.indexOf(key) < n);
  if (at < 0) return undefined;
  const message = `"${reasons[at]}" is no reason to tell from others. Leave it out, or say it otherwise.`;
  return reject('invalid', 'reason-repeated', message, `/lostReasons/${at}`);
};

const labelProblem = ({ name }: Stage) => {
  if (!isVisible(name)) return named('stage-name-missing', 'A stage needs a name that can be seen.');
  if (!RESERVED.has(labelKey(name))) return undefined;
  return named('stage-reserved', `"${name}" ends every pipeline by itself. Leave it out of the stages.`);
};

const twinProblem = ({ name }: Stage, rivals: readonly Stage[]) => {
  const twin = rivals.find((other) => labelKey(other.name) === labelKey(name));
  if (!twin) return undefined;
  return named('stage-repeated', `There would be two stages "${twin.name}" and "${name}". Rename one.`);
};

const probabilityProblem = ({ name, probability }: Stage) => {
  if (probability >= 0 && probability <= 100) return undefined;
  const message = `Stage "${name}" has the probability ${probability}. Give a percentage from 0 to 100.`;
  return { code: 'probability-out-of-range', message, field: 'probability' };
};

const named = (code: string, message: string) => ({ code, message, field: 'name' });

const RESERVED: ReadonlySet<string> = new Set([WON_STAGE, LOST_STAGE].map(labelKey));

export const pipeline = recordDecider<'Pipeline', PipelineFields>(
  'pipeline',
  'Pipeline',
  stagesAreUsable,
  pipelineUpcasts,
);
