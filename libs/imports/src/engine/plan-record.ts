import { isCustomName } from '@rapport/custom-fields';
import {
  type Decider,
  type DomainEvent,
  type FieldPatch,
  type RecordCommands,
  type RecordState,
  reject,
  type Rejection,
  sameValue,
} from '@rapport/kernel';
import type { ImportField, RowValues } from '../values/import-field.js';
import { archivedByOthers, setByOthers } from './changed-by-others.js';
import type { RowStep } from './import-kind.js';

/**
 * The plan of a plain record: created with what the row says, or edited to have it; an archived one is restored first. What
 * the row does not say stays, inside nested fields too. A name that somebody has changed since stays as well, and what
 * somebody has archived stays archived.
 */
export const planRecord = <Fields extends object, E extends DomainEvent>(
  decider: Pick<Decider<RecordState<Fields>, E, RecordCommands<Fields>>, 'aggregate' | 'decide'>,
  fields: readonly ImportField[],
  row: RowValues,
  occurredAt?: string,
): readonly RowStep<RecordState<Fields>>[] => {
  const noun = `${decider.aggregate[0]!.toUpperCase()}${decider.aggregate.slice(1)}`;
  const at = occurredAt === undefined ? {} : { occurredAt };
  const { create, edit, restore } = decider.decide;
  const paths = new Map(fields.map(({ name, path = name }) => [name, isCustomName(name) ? [name] : path.split('.')]));
  const names = fields.filter(({ isName }) => isName).map(({ name }) => name);
  const said = Object.entries(row).map(([name, value]) => [paths.get(name) ?? [name], value] as const);
  return [
    {
      name: `Restore${noun}`,
      ...at,
      decide: (state, now, history) => {
        if (!state?.archived) return [];
        return archivedByOthers(history) ? archivedSince(decider.aggregate) : restore(state, {}, now);
      },
    },
    {
      name: `Import${noun}`,
      ...at,
      decide: (state, now, history, keep) => {
        if (!state) return create(state, created(said) as Fields, now);
        const patch = patchOf(state, said);
        // A row may mean a record that is a part of this one now, by a key of that one's own.
        if ('mergedIds' in state && 'externalId' in state) delete patch['externalId'];
        const isKept = (name: string): boolean =>
          name in patch && !sameValue(patch[name], (state as Values)[name]) && setByOthers(history, name);
        for (const name of names.filter(isKept)) {
          delete patch[name];
          keep(name);
        }
        return edit(state, { set: patch as FieldPatch<Fields> }, now);
      },
    },
  ];
};

/** What somebody has archived is not brought back by an import. */
export const archivedSince = (aggregate: string): Rejection => {
  const message = `Somebody has archived this ${aggregate}, so the import leaves it alone. Restore it first, or leave the row out.`;
  return reject('conflict', 'archived-since', message);
};

type Said = readonly (readonly [path: readonly string[], value: RowValues[string]])[];
type Values = Record<string, unknown>;

/** What changes in a record: whole fields, of nested ones with what they hold already. */
const patchOf = (state: object, said: Said): Values => {
  const patch: Values = {};
  for (const [[name, inner], value] of said as readonly (readonly [[string, string?], unknown])[]) {
    if (inner === undefined) patch[name] = value;
    else {
      const before = (name in patch ? patch[name] : (state as Values)[name]) as Values | null | undefined;
      const { [inner]: _, ...others } = before ?? {};
      const after = value === null ? others : { ...others, [inner]: value };
      patch[name] = Object.keys(after).length === 0 ? null : after;
    }
  }
  return patch;
};

const created = (said: Said): Values =>
  Object.fromEntries(Object.entries(patchOf({}, said)).filter(([, value]) => value !== null));
