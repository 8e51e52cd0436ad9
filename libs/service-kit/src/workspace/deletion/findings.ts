import { everythingOf } from '@rapport/access';
import { partsOf } from '@rapport/event-store';
import { START } from '@rapport/kernel';
import { pause } from '@rapport/processing';
import { DELETION } from './deletion.js';
import { type DeletionCheck, type EndOfTrail, type LegalHold } from './deletion.events.js';
import type { ServiceRuntime } from '../../service/service-runtime.js';

const PAGE = 500;
const CAUGHT_UP_WITHIN_MILLISECONDS = 60_000;
/** Named to whoever is refused. */
const HOLDS_NAMED = 20;

type Held = Pick<DeletionCheck, 'held' | 'holds'>;

/** The records of a workspace in a context that are on legal hold. */
export const legalHoldsOf = async (runtime: ServiceRuntime, tenant: string): Promise<Held> => {
  const holds: LegalHold[] = [];
  let held = 0;
  for (const { record } of runtime.definition.records) {
    if (!('placeHold' in ((record.decider as { readonly decide?: object }).decide ?? {}))) continue;
    for await (const { id, hold } of documentsOf(runtime, record, tenant)) {
      if (hold === undefined) continue;
      held += 1;
      if (holds.length < HOLDS_NAMED) holds.push({ object: record.decider.aggregate, id });
    }
  }
  return { held, holds };
};

type Records = ServiceRuntime['definition']['records'][number]['record'];

async function* documentsOf(
  runtime: ServiceRuntime,
  { projection }: Records,
  tenant: string,
): AsyncGenerator<{ readonly id: string; readonly hold?: string }> {
  const list = runtime.projection(projection);
  await list.reach(await runtime.engines.events.end(), CAUGHT_UP_WITHIN_MILLISECONDS);
  for (let cursor: string | undefined = ''; cursor !== undefined;) {
    const page: { documents: readonly { readonly id: string }[]; next?: string } = await list.documents.query(
      everythingOf(tenant),
      { limit: PAGE, ...(cursor && { cursor }) },
    );
    yield* page.documents;
    cursor = page.next;
  }
}

/** What a context has of a workspace; undefined when it was broken off. */
export const countedIn = async (
  runtime: ServiceRuntime,
  tenant: string,
  signal: AbortSignal,
): Promise<NonNullable<DeletionCheck['found']> | undefined> => {
  let [events, streams, documents] = [0, 0, 0];
  const enough = new AbortController();
  const either = AbortSignal.any([enough.signal, signal]);
  for await (const page of runtime.engines.events.follow({ prefixes: [], after: START, signal: either })) {
    for (const { stream, revision } of page.events) {
      const { aggregate, tenant: of } = partsOf(stream);
      if (of !== tenant || aggregate.split(/[.@]/).includes(DELETION)) continue;
      events += 1;
      if (revision === 0) streams += 1;
    }
    if (page.caughtUp) enough.abort();
    else await pause(0, either);
  }
  if (signal.aborted) return undefined;
  for (const { projection, documents: of } of runtime.allProjections)
    if (!projection.tenantless) documents += await of.count(everythingOf(tenant));
  return { events, streams, documents };
};

/** Where the trail ends, as far as it is chained. */
export const endOfTrail = async ({ auditChain }: ServiceRuntime, tenant: string): Promise<EndOfTrail | undefined> => {
  const last = await auditChain?.last(tenant);
  return last && { links: last.number + last.links.length - 1, hash: last.hash };
};
