import { Inject, Injectable } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { identityV1, typesV1 } from '@rapport/contracts';
import { type CallContext, type Circumstances, DomainError, fold } from '@rapport/kernel';
import { recordIdOf, RunCommand, RUNTIME, type ServiceRuntime, type Step } from '@rapport/service-kit';
import { requireGivingRoles } from '../access/giving.js';
import { Passkeys } from '../access/passkeys/passkeys.js';
import { handover, type HandoverEvent, type HandoverState, type Handing } from '../domain/handover/handover.js';
import { type UserRecords, users } from '../records/users.js';
import { historyIn } from '../state-of.js';
import { partCommandId } from './handover-parts.js';

/** rapport.identity.v1.HandoversService */
@Injectable()
export class HandoversApi {
  constructor(
    @Inject(CommandBus) private readonly commands: CommandBus,
    @Inject(RUNTIME) private readonly runtime: ServiceRuntime,
    @Inject(users.token) private readonly users: UserRecords,
    @Inject(Passkeys) private readonly passkeys: Passkeys,
  ) {}

  async leaveUser({ id, successorId }: identityV1.LeaveUserRequest, call: CallContext): Promise<identityV1.Handover> {
    // Records go from hand to hand in every context, whoever sees them.
    requireGivingRoles(call, []);
    const [leaver, successor] = [await this.user(id, call), await this.user(successorId, call)];
    const handing = handingOf(leaver, successor);
    const { idempotencyKey: _, ...once } = call;
    await this.users.archive({ id }, once);
    // Devices stay with who leaves, and undoing the handover must not open the door to them.
    await this.passkeys.removeAll(id, call);
    const decide = (state: HandoverState, at: Circumstances) => handover.decide.ask(state, handing, at);
    return this.run(recordIdOf(call, 'LeaveUser'), { name: 'LeaveUser', input: handing, decide }, call);
  }

  async getHandover({ id }: typesV1.RecordRequest, call: CallContext): Promise<identityV1.Handover> {
    requireGivingRoles(call, []);
    return this.shown(call.principal.tenant, id);
  }

  async undoHandover({ id }: typesV1.RecordRequest, call: CallContext): Promise<identityV1.Handover> {
    requireGivingRoles(call, []);
    const decide = (state: HandoverState, at: Circumstances) => handover.decide.undo(state, {}, at);
    return this.run(id, { name: 'UndoHandover', input: id, decide }, call);
  }

  private async user(id: string, call: CallContext): Promise<identityV1.User> {
    const history = await this.users.load(id, call);
    return { ...fold(this.users.kind.decider, history as never)!, id } as never;
  }

  private async run(
    id: string,
    step: Step<HandoverState, HandoverEvent>,
    call: CallContext,
  ): Promise<identityV1.Handover> {
    await this.commands.execute(new RunCommand({ decider: handover, id, steps: [step], call }));
    return this.shown(call.principal.tenant, id);
  }

  private async shown(tenant: string, id: string): Promise<identityV1.Handover> {
    const history = await historyIn(this.runtime.events, handover.aggregate, tenant, id);
    const state = fold(handover, history as unknown as readonly HandoverEvent[]);
    if (!state)
      throw new DomainError(
        'not-found',
        'handover-not-found',
        `There is no handover ${id}. Its id is in the answer of the user's :leave.`,
      );
    const { userId, successorId, parts, undone } = state;
    const answers = Object.keys(parts).map((context) =>
      this.runtime.commands.requests.answer(tenant, partCommandId(id, context, undone)),
    );
    const outcomes = (await Promise.all(answers)).map((answer) => answer?.outcome);
    return {
      ...{ id, userId, successorId, undone, state: stateOf(outcomes) },
      ...{ askedAt: history[0]!.metadata.occurredAt, eventId: history.at(-1)!.id },
    };
  }
}

const stateOf = (outcomes: readonly (string | undefined)[]): string => {
  if (outcomes.includes(undefined)) return 'running';
  return outcomes.every((outcome) => outcome === 'done') ? 'done' : 'refused';
};

/** Records belong to a user, or to the representative who that one was first or says to be. */
const handingOf = (leaver: identityV1.User, successor: identityV1.User & { readonly archived?: boolean }): Handing => {
  const refuse = (code: string, message: string): never => {
    throw new DomainError('conflict', code, message, { fields: [{ pointer: '/successorId', code, message }] });
  };
  const { id: userId, representativeId } = leaver;
  if (userId === successor.id) refuse('own-successor', 'Somebody else has to go on with the work. Name another user.');
  if (successor.archived) refuse('user-deactivated', 'The successor was deactivated. Activate or name another user.');
  const from = [...new Set([userId, representativeId ?? userId])];
  const { id: to } = successor;
  return {
    userId,
    successorId: to,
    parts: { contacts: { from, to }, sales: { from, to: successor.representativeId ?? to } },
  };
};
