import type { Document, Documents } from '@rapport/read-models';
import type { AnyRecord, ServiceDefinition, ServiceRuntime } from '@rapport/service-kit';
import { findByField, sameNames } from '../lookup/find-records.js';
import type { ImportField } from '../values/import-field.js';
import type { ImportKind } from './import-kind.js';
import { planRecord } from './plan-record.js';
import { withCustomFields } from './custom-columns.js';
import { recordFields } from './record-fields.js';
import { type RecordTargetParts, recordTarget } from './record-target.js';

type Listed = Document & { readonly archived: boolean } & Readonly<Record<string, unknown>>;

const calledBy = ({ import: definition, shape }: AnyRecord): readonly string[] =>
  definition?.calledBy ?? shape.fields.map(({ name }) => name).filter((name) => name === 'name');

/** As in the API's path: `accounts`, `price-books`. */
export const importKindOf = ({ plural }: Pick<AnyRecord, 'plural'>): string =>
  plural.replaceAll(/[A-Z]/g, (capital) => `-${capital.toLowerCase()}`);

/**
 * The import of a kind of record, as its definition and the contract have it.
 *
 * @param further fields that a column can hold besides the record's own: the names of other records
 */
export const recordImport = (
  record: AnyRecord,
  runtime: ServiceRuntime,
  parts: RecordTargetParts,
  further: readonly ImportField[] = [],
): ImportKind => {
  const { decider, import: definition, projection, shape } = record;
  if (!definition) throw new Error(`The definition of ${decider.aggregate} does not say how it is imported.`);
  const { matchBy, foundBy = {} } = definition;
  const names = calledBy(record);
  const fields = [...recordFields(shape, definition.synonyms, names), ...further];
  const list = () => runtime.projection(projection).documents as never as Documents<Listed>;
  return {
    kind: importKindOf(record),
    message: shape.typeName,
    fields,
    matchBy,
    target: recordTarget(decider as never, parts),
    find: (scope, field, values) => findByField(list(), scope, foundBy[field] ?? field, values),
    ...(names.length > 0 ? { similar: sameNames(list, names) } : {}),
    plan: (row) => planRecord(decider as never, fields, row),
    custom: async (tenant) => {
      const definitions = await runtime.fieldBook?.of(tenant, decider.aggregate);
      return definitions && withCustomFields(decider as never, fields, definitions);
    },
  };
};

/** Imports of all kinds of records whose definition says how, but for those that are told otherwise. */
export const recordImports = (
  { records }: Pick<ServiceDefinition, 'records'>,
  runtime: ServiceRuntime,
  parts: RecordTargetParts,
  told: readonly ImportKind[],
): readonly ImportKind[] =>
  records
    .map(({ record }) => record)
    .filter((record) => record.import && !told.some(({ kind }) => kind === importKindOf(record)))
    .map((record) => recordImport(record, runtime, parts));
