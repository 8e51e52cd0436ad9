import { partsOf } from '@rapport/event-store';
import type { RecordedEvent } from '@rapport/kernel';
import type { Reaction } from '@rapport/processing';
import type { Provided } from '../../service/service-definition.js';
import type { ServiceRuntime } from '../../service/service-runtime.js';
import { RUNTIME } from '../../service/tokens.js';
import { orderPrefix } from './deletion-facts.js';
import { DeletionLog } from './deletion-log.js';
import type { WorkspaceDeletionBegun } from './deletion.events.js';
import { countedIn, endOfTrail, legalHoldsOf } from './findings.js';
import { Removal } from './removal.js';

/** What came in just before the doors were shut is stored by then: doors ask anew every five seconds. */
const DOORS_SHUT_MILLISECONDS = 6_000;

/** Every context looks what stands above a deletion, and carries it out. */
export const deletionReactions = (provided: Provided): readonly Reaction[] => {
  const runtime: ServiceRuntime = provided(RUNTIME);
  const { context } = runtime.definition;
  const prefixes = [orderPrefix(context)];
  return [
    {
      name: 'check-workspace-deletions',
      prefixes,
      types: ['WorkspaceDeletionRequested', 'WorkspaceDeletionBegun'],
      react: async (event, signal) => ((await check(provided, event, signal)) ? 'done' : 'retry'),
      attempts: Infinity,
    },
    {
      name: 'remove-workspaces',
      prefixes,
      types: ['WorkspaceDeletionReleased'],
      react: async (event, signal) => {
        const log = new DeletionLog(provided);
        const { receiptId } = event.data as WorkspaceDeletionBegun['data'];
        const state = await log.state(partsOf(event.stream).tenant);
        const done = await new Removal(runtime).carryOut(event, state, signal);
        if (!done) return 'retry';
        await log.step('finish', { receiptId, ...done }, event);
        return 'done';
      },
      attempts: Infinity,
    },
  ];
};

/** False when it was broken off. */
const check = async (provided: Provided, event: RecordedEvent, signal: AbortSignal): Promise<boolean> => {
  const runtime: ServiceRuntime = provided(RUNTIME);
  const { tenant } = partsOf(event.stream);
  const isBegun = event.type === 'WorkspaceDeletionBegun';
  if (isBegun && !(await areShut(runtime, signal))) return false;
  const { receiptId } = event.data as WorkspaceDeletionBegun['data'];
  const found = isBegun ? await countedIn(runtime, tenant, signal) : undefined;
  if (isBegun && !found) return false;
  const trail = isBegun ? await endOfTrail(runtime, tenant) : undefined;
  const said = { receiptId, context: runtime.definition.context, because: event.id };
  const input = { ...said, ...(await legalHoldsOf(runtime, tenant)), ...(found && { found }), ...(trail && { trail }) };
  await new DeletionLog(provided).step('check', input, event);
  return true;
};

/** False when it was broken off. */
const areShut = async ({ engines: { ticks } }: ServiceRuntime, signal: AbortSignal): Promise<boolean> => {
  const until = ticks.now() + DOORS_SHUT_MILLISECONDS;
  while (ticks.now() < until && !signal.aborted) await ticks.pause(until - ticks.now(), signal);
  return !signal.aborted;
};
