import { Inject, Injectable } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { idByKey } from '@rapport/commands';
import { type CallContext, type Circumstances, emailKeyOf, fold } from '@rapport/kernel';
import { type Change, type Claims, type Outcome, RunCommand, RUNTIME, type ServiceRuntime } from '@rapport/service-kit';
import { email, type EmailState } from '../domain/email/email.js';
import { tenant as tenantDecider } from '../domain/tenant/tenant.js';
import { user, type UserState } from '../domain/user/user.js';
import { tenantRecordId } from '../records/tenant.js';
import { historyIn } from '../state-of.js';

/** A request that has reserved an address has long been answered by then. */
const UNDER_WAY_MILLISECONDS = 10 * 60_000;

/** No two users of a tenant have one e-mail address, deactivated ones included. */
@Injectable()
export class AddressClaims implements Claims<UserState> {
  constructor(
    @Inject(CommandBus) private readonly commands: CommandBus,
    @Inject(RUNTIME) private readonly runtime: ServiceRuntime,
  ) {}

  async take({ id, after }: Change<UserState>, call: CallContext): Promise<void> {
    const address = keyIn(after);
    if (address !== undefined) await this.reserve(address, id, call);
  }

  async settle({ id, past, present }: Outcome<UserState>, call: CallContext): Promise<void> {
    const former = new Set(past.map(keyIn));
    former.delete(keyIn(present));
    for (const address of former) if (address !== undefined) await this.release(address, id, call);
  }

  /** The user who has an address; it may have changed hands since. */
  async holder(address: string, tenant: string): Promise<string | undefined> {
    // Whoever asks may not be known yet: nothing is made for tenants that there are not.
    const opened = await historyIn(this.runtime.events, tenantDecider.aggregate, tenant, tenantRecordId(tenant));
    if (opened.length === 0) return undefined;
    const history = await historyIn(
      this.runtime.events,
      email.aggregate,
      tenant,
      await this.idOf(emailKeyOf(address), tenant),
    );
    return fold(email, history as never)?.userId;
  }

  private async reserve(address: string, userId: string, call: CallContext): Promise<void> {
    const { tenant } = call.principal;
    const id = await this.idOf(address, tenant);
    const instead = await this.formerHolder(address, tenant, id);
    await this.run(id, 'ReserveEmail', call, (state, at) => email.decide.reserve(state, { userId, instead }, at));
  }

  private async release(address: string, userId: string, call: CallContext): Promise<void> {
    const id = await this.idOf(address, call.principal.tenant);
    await this.run(id, 'ReleaseEmail', call, (state, at) => email.decide.release(state, { userId }, at));
  }

  /** Whoever reserved it, and did not come to have it: a process that died between the two. */
  private async formerHolder(address: string, tenant: string, id: string): Promise<string | undefined> {
    const history = await historyIn(this.runtime.events, email.aggregate, tenant, id);
    const userId = fold(email, history as never)?.userId;
    if (userId === undefined) return undefined;
    const since = Date.parse(history.at(-1)!.recordedAt);
    if (this.runtime.engines.clock.now().getTime() - since < UNDER_WAY_MILLISECONDS) return undefined;
    const holder = fold(user, (await historyIn(this.runtime.events, user.aggregate, tenant, userId)) as never);
    return keyIn(holder) === address ? undefined : userId;
  }

  private idOf(address: string, tenant: string): Promise<string> {
    const { keys } = this.runtime.engines;
    return idByKey(keys, { context: 'identity', tenant, aggregate: email.aggregate, key: address });
  }

  private async run(
    id: string,
    name: string,
    { principal, correlationId }: CallContext,
    decide: (state: EmailState, at: Circumstances) => ReturnType<typeof email.decide.reserve>,
  ): Promise<void> {
    const call = { principal, correlationId, answer: {} };
    await this.commands.execute(new RunCommand({ decider: email, id, steps: [{ name, input: id, decide }], call }));
  }
}

/** Who was erased has none any more. */
const keyIn = (state: UserState): string | undefined =>
  state?.email === undefined ? undefined : emailKeyOf(state.email);
