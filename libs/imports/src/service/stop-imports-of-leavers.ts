import { everythingOf } from '@rapport/access';
import { type EventStore, externalAggregate, partsOf, prefixOf, streamName } from '@rapport/event-store';
import type { RecordedEvent } from '@rapport/kernel';
import type { Reaction } from '@rapport/processing';
import type { QueryPage } from '@rapport/read-models';
import { type Provided, RUNTIME, type ServiceRuntime } from '@rapport/service-kit';
import { importDecider } from '../domain/import.js';
import { isActive } from '../domain/import-state.js';
import { type ImportDocument, importDocument } from '../engine/import-documents.js';
import type { ImportEngine } from '../engine/import-engine.js';
import { BEGINNINGS } from '../engine/import-statuses.js';
import { IMPORT_ENGINE } from './provide-imports.js';

const USER = externalAggregate('identity', 'user');
const PAGE = 200;

/**
 * An import goes on in the background, for somebody: it ends when that one is out, and when it was begun just before this was
 * heard of. What is in stays in; an administrator may go on with it, or take it back.
 */
export const stopImportsOfLeavers = (provided: Provided): Reaction => ({
  name: 'stop-imports-of-leavers',
  prefixes: [prefixOf(USER), prefixOf(importDecider.aggregate)],
  types: ['UserArchived', 'UserErased', 'UserChangeUndone', 'UserProcessingRestricted', ...BEGINNINGS],
  react: async (event) => {
    const { tenant } = event.metadata;
    const { events }: ServiceRuntime = provided(RUNTIME);
    const engine = provided<ImportEngine>(IMPORT_ENGINE);
    const all = BEGINNINGS.has(event.type) ? [await begunBy(event, events)] : await forUser(event, engine);
    const active = all.filter(({ state }) => isActive(state.status));
    for (const each of active) if (await isOut(events, tenant, personOf(each))) await engine.stop(each);
    return 'done';
  },
});

const begunBy = async ({ stream }: RecordedEvent, events: EventStore): Promise<ImportDocument> =>
  importDocument(await Array.fromAsync(events.read(stream)));

/** Imports that are at work for a user. */
const forUser = async ({ stream, position }: RecordedEvent, engine: ImportEngine): Promise<ImportDocument[]> => {
  const { tenant, id } = partsOf(stream);
  const { imports } = engine.parts;
  await imports.reach(position, REACH_MILLISECONDS);
  const found: ImportDocument[] = [];
  for (let cursor: string | undefined = ''; cursor !== undefined;) {
    const page: QueryPage<ImportDocument> = await imports.documents.query(everythingOf(tenant), {
      limit: PAGE,
      ...(cursor && { cursor }),
    });
    found.push(...page.documents.filter((each) => personOf(each) === id));
    cursor = page.next;
  }
  return found;
};

const REACH_MILLISECONDS = 60_000;

/** For whom the phase is that is on. */
const personOf = ({ makerId, state: { by, status } }: ImportDocument): string =>
  status === 'validating' ? makerId : (by ?? makerId);

/** What is heard of the user; whoever is no user is not out. */
const isOut = async (events: EventStore, tenant: string, id: string): Promise<boolean> => {
  let [archived, restricted] = [false, false];
  for await (const { type, data } of events.read(streamName(USER, tenant, id))) {
    if (type === 'UserArchived' || type === 'UserErased') archived = true;
    else if (type === 'UserRestored') archived = false;
    else if (type === 'UserChangeUndone') archived = (data as { readonly archived?: boolean }).archived ?? archived;
    else if (type === 'UserProcessingRestricted') restricted = true;
    else if (type === 'UserRestrictionLifted') restricted = false;
  }
  return archived || restricted;
};
