import type { privacyV1 } from '@rapport/contracts';
import { stringify } from 'csv-stringify/sync';
import type { Entries } from './zip.js';

/** The files that a person is given: everything as JSON, and the same as tables. */
export const personFiles = (id: string, held: readonly privacyV1.HeldPlace[]): Entries => ({
  'person.json': `${JSON.stringify({ id, places: held }, null, 2)}\n`,
  'places.csv': csv(
    ['context', 'object', 'id', 'purpose', 'since', 'facts', 'erased'],
    held.map(({ context, object, id: record, purpose, since, facts, erased }) => [
      ...[context, object, record, purpose, since, String(facts.length), String(erased)],
    ]),
  ),
  'facts.csv': csv(
    ['context', 'object', 'id', 'recordedAt', 'occurredAt', 'type', 'actor', 'field', 'value'],
    held.flatMap((place) => place.facts.flatMap((fact) => rowsOf(place, fact))),
  ),
});

type Row = readonly string[];

const rowsOf = ({ context, object, id }: privacyV1.HeldPlace, fact: privacyV1.HeldFact): readonly Row[] => {
  const { recordedAt, occurredAt, type, actor } = fact;
  const who = actor ? `${actor.kind}:${actor.id}` : '';
  return leavesOf('', fact.data).map(([field, value]) => [
    ...[context, object, id, recordedAt, occurredAt, type, who, field, value],
  ]);
};

/** `set.address.city` and what it says. */
const leavesOf = (path: string, value: unknown): readonly (readonly [string, string])[] => {
  if (typeof value !== 'object' || value === null) return path === '' ? [] : [[path, textOf(value)]];
  return Object.entries(value).flatMap(([name, inner]) => leavesOf(path === '' ? name : `${path}.${name}`, inner));
};

const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** What a table would take for a formula is told to be text. */
const csv = (columns: Row, rows: readonly Row[]): string =>
  stringify([columns, ...rows] as string[][], { record_delimiter: 'windows', escape_formulas: true });
