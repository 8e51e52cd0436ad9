import { idByKey } from '@rapport/commands';
import { DomainError, idFrom } from '@rapport/kernel';
import { scopeOf } from '@rapport/access';
import type { AnyRecord, ServiceRuntime } from '@rapport/service-kit';
import type { Importer, Made, MissingRecords } from '../values/import-field.js';
import type { OrderedStep } from './commands.js';
import { type ImportKind, isRefusedPlan } from './import-kind.js';
import { recordImport } from './record-import.js';
import type { RecordTargetParts } from './record-target.js';
import { RowRules } from './row-rules.js';

/**
 * Makes records of this service of which nothing but the name is known, as a row of their own import would. The id follows
 * from the name, so that whoever misses one record makes one. It may be called something else by now: it is the record all
 * the same.
 */
export const missingByName = (record: AnyRecord, runtime: ServiceRuntime, parts: RecordTargetParts): MissingRecords => {
  const kind = recordImport(record, runtime, parts);
  const { aggregate } = record.decider;
  const each = async (importer: Importer, names: readonly string[], make: Make): Promise<Map<string, Made>> => {
    const { tenant } = importer;
    const { context } = runtime.definition;
    const made = new Map<string, Made>();
    for (const name of names) {
      const key = missingKey(importer, aggregate, name);
      const id = await idByKey(runtime.engines.keys, { context, tenant, aggregate, key });
      made.set(name, nameProblem(kind, name) ?? (await outcomeOf(id, () => make(id, stepsOf(kind, name)))));
    }
    return made;
  };
  return {
    foresee: (importer, names) => {
      const order = { ...importer, importId: '', by: undefined, commandId: '' };
      return each(importer, names, (recordId, steps) => kind.target.preview({ ...order, recordId, steps }));
    },
    create: (importer, names, { importId, by, signal }) =>
      each(importer, names, (recordId, steps) => {
        signal.throwIfAborted();
        const commandId = idFrom(importId, 'missing', recordId);
        return kind.target.apply({ ...importer, importId, by, recordId, commandId, steps });
      }),
  };
};

/** Whose a missing record becomes where its maker creates own ones alone. */
export const missingOwner = ({ tenant, policy }: Importer, aggregate: string): string | undefined =>
  scopeOf({ tenant, ...(policy && { policy }) }, aggregate, 'create').rows && policy?.owners.at(-1);

/** What such a record is known by: one of somebody's own has nothing to do with one of others that is called the same. */
export const missingKey = (importer: Importer, aggregate: string, name: string): string => {
  const owner = missingOwner(importer, aggregate);
  return owner === undefined ? name : `${name}\0${owner}`;
};

type Make = (id: string, steps: readonly OrderedStep[]) => Promise<unknown>;

const outcomeOf = async (id: string, make: () => Promise<unknown>): Promise<Made> => {
  try {
    await make();
    return { id };
  } catch (failure) {
    if (!(failure instanceof DomainError) || !ABOUT_THE_RECORD.has(failure.kind)) throw failure;
    return { code: failure.code, message: failure.message };
  }
};

const ABOUT_THE_RECORD: ReadonlySet<DomainError['kind']> = new Set([
  'invalid',
  'conflict',
  'gone',
  'not-found',
  'forbidden',
]);

/** What it is made of where it is new; one that is there already is left as it is. Names that count as one are one command. */
const stepsOf = (kind: ImportKind, name: string): readonly OrderedStep[] => {
  const plan = kind.plan({ [nameFieldOf(kind).name]: name }, undefined);
  if (isRefusedPlan(plan)) throw new DomainError('invalid', plan.problems[0]!.code, plan.problems[0]!.message);
  return plan.map((step) => ({
    name: step.name,
    input: kind.kind,
    decide: (state, circumstances, history) =>
      history.length > 0 ? [] : step.decide(state, circumstances, history, () => undefined),
  }));
};

const nameProblem = (kind: ImportKind, name: string): Made | undefined => {
  const field = nameFieldOf(kind);
  const rules = new RowRules(kind, [{ at: 0, column: field.name, field }]);
  const [problem] = rules.check({ [field.name]: name });
  return problem && { code: problem.code, message: problem.message };
};

const nameFieldOf = ({ kind, fields }: ImportKind) => {
  const field = fields.find(({ isName }) => isName);
  if (field) return field;
  throw new DomainError('internal', 'no-name', `Of ${kind} none can be created that is missing: they have no name.`);
};
