import { CommandBus } from '@nestjs/cqrs';
import { partsOf, prefixOf } from '@rapport/event-store';
import {
  type CallContext,
  type Circumstances,
  type Decision,
  idFrom,
  isRejection,
  type Protection,
  type RecordedEvent,
} from '@rapport/kernel';
import type { Reaction } from '@rapport/processing';
import { type Provided, RunCommand } from '@rapport/service-kit';
import type { RepresentativeEvent } from '../domain/representative/representative.events.js';
import { representative, type RepresentativeState } from '../domain/representative/representative.js';
import { USERS } from '../read-models/user-names.js';

const NAME = 'protect-representatives';

/** What stands above a user stands above the representative who that is. The reason is sealed with the key of both. */
export const protectRepresentatives = (provided: Provided): Reaction => ({
  name: NAME,
  prefixes: [prefixOf(USERS)],
  types: ['UserHoldPlaced', 'UserHoldLifted', 'UserProcessingRestricted', 'UserRestrictionLifted'],
  readable: true,
  react: async (event) => {
    const { id } = partsOf(event.stream);
    const decide = (state: RepresentativeState, at: Circumstances): readonly RepresentativeEvent[] => {
      const decision = state ? decided(event, state, at) : [];
      return isRejection(decision) ? [] : decision;
    };
    const steps = [{ name: 'ProtectRepresentative', input: event.id, decide }];
    const order = { decider: representative, id, steps, call: callAfter(event), commandId: idFrom(event.id, NAME) };
    await provided(CommandBus).execute(new RunCommand(order));
    return 'done';
  },
});

const decided = (
  { type, data }: RecordedEvent,
  state: RepresentativeState,
  at: Circumstances,
): Decision<RepresentativeEvent> => {
  const { hold = '', restriction = '' } = data as Protection;
  const { decide } = representative;
  if (type === 'UserHoldPlaced') return decide.placeHold(state, { reason: hold }, at);
  if (type === 'UserHoldLifted') return decide.liftHold(state, {}, at);
  if (type === 'UserProcessingRestricted') return decide.restrict(state, { reason: restriction }, at);
  return decide.liftRestriction(state, {}, at);
};

const callAfter = ({ id: causationId, metadata: { tenant, correlationId } }: RecordedEvent): CallContext => ({
  principal: { tenant, actor: { kind: 'system', id: NAME }, roles: [] },
  ...{ correlationId, causationId, answer: {} },
});
