import { isEmpty, type Known } from '@rapport/custom-fields';
import { externalAggregate, partsOf, prefixOf } from '@rapport/event-store';
import { patched, type RecordedEvent } from '@rapport/kernel';
import type { Projection } from '@rapport/processing';
import type { Document } from '@rapport/read-models';

export type FieldDocument = Document & Known;

/** The context whose records definitions are. */
const OWNER = 'contacts';

/** Of which streams definitions are made: the owner's records, or what others hear of them. */
export const definitionsIn = (context: string): string =>
  context === OWNER ? 'field' : externalAggregate(OWNER, 'field');

/** The fields that tenants have given to records of any context, as far as a context has heard. */
export const fieldDefinitions = (context: string): Projection<FieldDocument> => ({
  declaration: { name: 'field_definitions', fields: { object: 'text' }, indexes: [['object']] },
  prefixes: [prefixOf(definitionsIn(context))],
  fold: foldDefinition,
});

/** A definition after an event, be it a record's own or a published one. */
export const foldDefinition = (before: FieldDocument | null, event: RecordedEvent): FieldDocument | null => {
  const { tenant, id } = partsOf(event.stream);
  const data = event.data as Data;
  switch (event.type) {
    case 'FieldCreated':
      return { ...(said(data.field ?? data) as FieldDocument), id, tenant, archived: false };
    case 'FieldArchived':
      return before && { ...before, archived: true };
    case 'FieldRestored':
      return before && { ...before, archived: false };
    case 'FieldEdited':
    case 'FieldChangeUndone':
      return before && (patched<object>(before, changed(data)) as FieldDocument);
    default:
      return before;
  }
};

interface Data {
  readonly field?: object;
  readonly set?: object;
  readonly cleared?: readonly string[];
  readonly archived?: boolean;
}

/** A record's own event empties a field by null; a published one names it, and what is empty in it is not said. */
const changed = ({ set = {}, cleared, archived }: Data): object => {
  if (cleared === undefined) return set;
  const status = archived === undefined ? {} : { archived };
  return { ...said(set), ...Object.fromEntries(cleared.map((name) => [name, null])), ...status };
};

const said = (fields: object): object =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => !isEmpty(value)));
