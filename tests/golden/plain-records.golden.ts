import { contextNames } from '@rapport/contexts';
import { versionOf } from '@rapport/kernel';
import { type AnyRecord, type FieldShape, type MessageShape, ownFields } from '@rapport/service-kit';
import { contextModules } from '@rapport/standalone/contexts';
import type { GoldenAggregate } from './golden-events.js';
import { lifeOf } from './life-of-a-record.js';

/** Kinds of records of which nobody tells a history of their own: one that every record has, with fields as the contract says. */
export const plainGolden = (told: readonly GoldenAggregate[]): readonly GoldenAggregate[] =>
  contextNames.flatMap((context) => {
    const { service, module } = contextModules[context];
    const isTold = ({ decider }: AnyRecord): boolean =>
      told.some((golden) => golden.context === context && golden.aggregate === decider.aggregate);
    return service.records.flatMap(({ record }) =>
      isTold(record)
        ? []
        : [
            {
              ...{ context, module, aggregate: record.decider.aggregate, versions: versionsOf(record) },
              produce: (invoke) => lifeOf(invoke, record, sampleOf(record.shape), changesOf(record.shape)),
              read: (invoke, id) => invoke(record.service, `get${record.noun}`, { id }),
            } satisfies GoldenAggregate,
          ],
    );
  });

const versionsOf = ({ decider: { events } }: AnyRecord): readonly number[] => {
  const newest = Math.max(...Object.keys(events).map((type) => versionOf(events, type)));
  return Array.from({ length: newest }, (_, n) => n + 1);
};

/** A value for each of a message's fields, within its rules. */
export const sampleOf = (message: MessageShape): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    // What tenants say in fields of their own has a history of its own.
    ownFields(message)
      .filter(({ kind }) => kind !== 'object')
      .map((field) => [field.name, valueOf(field)]),
  );

/** The last text gets another value. */
const changesOf = (message: MessageShape): object => {
  const texts = ownFields(message).filter(
    ({ kind, repeated, rules }) => kind === 'string' && !repeated && !rules.format,
  );
  const { name } = texts.at(-1)!;
  return { [name]: `another ${name}` };
};

const valueOf = (field: FieldShape): unknown => (field.repeated ? [oneOf(field)] : oneOf(field));

const oneOf = (field: FieldShape): unknown => {
  const { kind, rules, message, name } = field;
  if (kind === 'message') return sampleOf(message!);
  if (kind === 'boolean') return true;
  if (kind === 'integer' || kind === 'number') return Number(rules.example || (rules.minimum ?? 1));
  return rules.example || (rules.in[0] ?? FORMATS[rules.format] ?? name);
};

const FORMATS: Readonly<Record<string, string>> = {
  date: '2017-03-01',
  'date-time': '2017-03-01T09:00:00.000Z',
  instant: '2017-03-01T09:00:00.000Z',
  email: 'ada@example.org',
  uuid: '01940000-0000-7000-8000-000000000001',
  uri: 'https://rapport.example',
  currency: 'USD',
};
