import { CommandBus } from '@nestjs/cqrs';
import { partsOf, prefixOf } from '@rapport/event-store';
import { type CallContext, type Circumstances, idFrom, type RecordedEvent } from '@rapport/kernel';
import type { Reaction } from '@rapport/processing';
import { erasure, type ErasurePartDone, type Provided, RunCommand } from '@rapport/service-kit';
import { representative, type RepresentativeState } from '../domain/representative/representative.js';

const NAME = 'mark-erased-representatives';

/**
 * A representative is a user, and erased as one: where what stands above an erasure is decided on too. Once everything that is
 * known here about the person is forgotten the record says so, under the same receipt, and takes nothing on any more.
 */
export const markErasedRepresentatives = (provided: Provided): Reaction => ({
  name: NAME,
  prefixes: [prefixOf(erasure.aggregate)],
  types: ['ErasurePartDone'],
  react: async (event) => {
    const { from, id } = event.data as ErasurePartDone['data'];
    if (from !== 'identity') return 'done';
    const { id: receiptId } = partsOf(event.stream);
    const decide = (state: RepresentativeState, at: Circumstances) => {
      if (!state) return [];
      // A hold was lifted there before, which is perhaps not heard of yet.
      const { hold: _, ...released } = state;
      return representative.decide.erase(released, { receiptId }, at);
    };
    const steps = [{ name: 'EraseRepresentative', input: receiptId, decide }];
    const commandId = idFrom(event.id, NAME);
    const order = { decider: representative, id, steps, call: callAfter(event), commandId };
    await provided(CommandBus).execute(new RunCommand(order));
    return 'done';
  },
});

const callAfter = ({ id: causationId, metadata: { tenant, correlationId } }: RecordedEvent): CallContext => ({
  principal: { tenant, actor: { kind: 'system', id: NAME }, roles: [] },
  ...{ correlationId, causationId, answer: {} },
});
