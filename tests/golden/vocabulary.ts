import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { InMemoryEventStore, prefixOf, streamName, VersionedEventStore } from '@rapport/event-store';
import { importRowsProjection, importsProjection } from '@rapport/imports';
import { type EventCatalogue, fixedClock, versionOf } from '@rapport/kernel';
import type { Projection } from '@rapport/processing';
import { erasure } from '@rapport/service-kit';
import { serviceDefinitions } from '@rapport/standalone/contexts';
import { engineAggregates, erasureHistory } from './engine.golden.js';
import { markOf } from './told-aggregate.js';
import { type GoldenEvent, storedEvent, TENANT } from './golden-events.js';
import { writeJson } from './written-json.js';

const folder = dirname(fileURLToPath(import.meta.url));
const LOCK = join(folder, 'events.lock.json');

/** What must not change unseen about an aggregate: see `docs/event.md`. */
export interface Locked {
  /** Type → version that is stored today. */
  readonly events: Readonly<Record<string, number>>;
  readonly commands: readonly string[];
  /** Fields that say something about a person. */
  readonly personal: readonly string[];
  /** Golden file → digest of the documents that its history folds to, after each event. */
  readonly folds: Readonly<Record<string, string>>;
}

export type Lock = Readonly<Record<string, Locked>>;

/** An aggregate as the code has it today. */
export interface Vocabulary {
  readonly context: string;
  readonly aggregate: string;
  readonly events: EventCatalogue;
  readonly commands: readonly string[];
  readonly personal: readonly string[];
  readonly projection: Projection | undefined;
}

/** Every aggregate of every context, from the services' own definitions; imports are the same in each. */
export const vocabularies: readonly Vocabulary[] = [
  ...serviceDefinitions.flatMap(({ context, aggregates, catalogue, personal, projections }) =>
    catalogue
      .filter(({ aggregate }) => aggregates.includes(aggregate))
      .map((known): Vocabulary => ({
        context,
        aggregate: known.aggregate,
        events: known.events,
        commands: 'decide' in known ? Object.keys(known.decide as object).sort() : [],
        personal: (personal[known.aggregate] ?? []).map(markOf).sort(),
        projection: projections.find(({ prefixes }) => prefixes.includes(prefixOf(known.aggregate))),
      })),
  ),
  ...engineAggregates.map(({ told: _, personal = [], commands = [], ...known }): Vocabulary => {
    const own = [importsProjection, importRowsProjection] as readonly Projection[];
    const projection = own.find(({ prefixes }) => prefixes.includes(prefixOf(known.aggregate)));
    return { ...known, commands: [...commands].sort(), personal: [...personal].sort(), projection };
  }),
];

/** `contact.v1.json` and whatever versions came later, with the events that they hold. */
export const goldenFiles = ({ context, aggregate }: Pick<Vocabulary, 'context' | 'aggregate'>) =>
  readdirSync(join(folder, context))
    .filter((file) => file.startsWith(`${aggregate}.v`))
    .sort()
    .map((file) => {
      const { events } = JSON.parse(readFileSync(join(folder, context, file), 'utf8')) as { events: GoldenEvent[] };
      return { file, events };
    });

/** Writes the histories that are told, where there is no file of them yet: one that is there is never written again. */
export const writeTold = async (): Promise<void> => {
  const erasures = vocabularies
    .filter(({ aggregate }) => aggregate === erasure.aggregate)
    .map(({ context, aggregate, events }) => ({ context, aggregate, events, told: erasureHistory }));
  for (const { context, aggregate, events, told } of [...engineAggregates, ...erasures]) {
    const file = join(folder, context, `${aggregate}.v1.json`);
    if (existsSync(file)) continue;
    const stored = told.map(({ type, data }) => ({ type, schemaVersion: versionOf(events, type), data }));
    await writeJson(file, { events: stored });
  }
};

export const lockToday = async (): Promise<Lock> => {
  const lock: Record<string, Locked> = {};
  for (const vocabulary of vocabularies) {
    const { context, aggregate, events, commands, personal } = vocabulary;
    const versions = Object.keys(events).sort();
    const folds: Record<string, string> = {};
    for (const golden of goldenFiles(vocabulary)) folds[golden.file] = await foldDigest(vocabulary, golden.events);
    lock[`${context}/${aggregate}`] = {
      events: Object.fromEntries(versions.map((type) => [type, versionOf(events, type)])),
      commands,
      personal,
      folds,
    };
  }
  return lock;
};

export const lockCommitted = (): Lock => JSON.parse(readFileSync(LOCK, 'utf8')) as Lock;

export const writeLock = (lock: Lock): Promise<void> => writeJson(LOCK, lock);

/** When everything is recorded that is folded here: documents may say so. */
const RECORDED_AT = '2026-01-02T03:04:05.678Z';

/** Of what readers see after each event of a history; of the events themselves where nothing is folded from them. */
const foldDigest = async (
  { aggregate, events, projection }: Vocabulary,
  golden: readonly GoldenEvent[],
): Promise<string> => {
  const store = new VersionedEventStore(new InMemoryEventStore(fixedClock(RECORDED_AT)), [{ aggregate, events }]);
  const stream = streamName(aggregate, TENANT, '01940000-0000-7000-8000-00000000000a');
  await store.append(
    stream,
    golden.map((event, revision) => storedEvent(event, revision, 0)),
    'no-stream',
  );
  const hash = createHash('sha256');
  let document: Parameters<Projection['fold']>[0] = null;
  for await (const event of store.read(stream)) {
    document = projection ? projection.fold(document, event, '') : null;
    hash.update(canonical(projection ? document : event.data));
  }
  return hash.digest('hex').slice(0, 16);
};

/** The order of fields does not count. */
const canonical = (value: unknown): string =>
  JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
