import { idFrom, type RecordedEvent } from '@rapport/kernel';
import { partsOf, prefixOf } from '@rapport/event-store';
import type { Reaction } from '@rapport/processing';
import { type Provided, RUNTIME, type ServiceRuntime } from '@rapport/service-kit';
import { handover } from '../domain/handover/handover.js';
import { stateIn } from '../state-of.js';

/** A context that is away is waited for; then the handover is told to be refused. */
const WITHIN_MILLISECONDS = 7 * 24 * 3_600_000;

/** The command by which one context does its part of a handover, or takes it back. */
export const partCommandId = (handoverId: string, context: string, isBack: boolean): string =>
  idFrom(handoverId, isBack ? 'back' : 'over', context);

/** Contexts are asked to do their parts. */
export const askForParts = (provided: Provided): Reaction => ({
  name: 'ask-for-handovers',
  prefixes: [prefixOf(handover.aggregate)],
  types: ['HandoverAsked', 'HandoverUndone'],
  react: async (event) => {
    const { tenant, id } = partsOf(event.stream);
    const { events }: ServiceRuntime = provided(RUNTIME);
    const state = await stateIn(events, handover, tenant, id);
    const asked = Object.entries(state?.parts ?? {}).map(([context, { from, to }]) =>
      ask(provided, event, { context, from, to }),
    );
    await Promise.all(asked);
    return 'done';
  },
});

interface Part {
  readonly context: string;
  readonly from: readonly string[];
  readonly to: string;
}

const ask = async (provided: Provided, event: RecordedEvent, { context, from, to }: Part): Promise<void> => {
  const { engines, commands }: ServiceRuntime = provided(RUNTIME);
  const { tenant, id } = partsOf(event.stream);
  const { actor, correlationId } = event.metadata;
  const isBack = event.type === 'HandoverUndone';
  const over = partCommandId(id, context, false);
  const asked = {
    ...{ to: context, command: isBack ? 'TakeBack' : 'HandOver', record: { aggregate: 'handover', id } },
    input: { from, to, because: event.id, ...(isBack && { over }) },
    expiresAt: new Date(engines.clock.now().getTime() + WITHIN_MILLISECONDS).toISOString(),
  };
  const call = { principal: { tenant, actor, roles: [] }, correlationId, causationId: event.id, answer: {} };
  await commands.requests.ask(isBack ? partCommandId(id, context, true) : over, asked, call);
};
