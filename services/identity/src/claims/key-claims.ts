import { Inject, Injectable } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { idByKey } from '@rapport/commands';
import { type CallContext, type Circumstances, emailKeyOf, fold, idFrom } from '@rapport/kernel';
import { type Change, type Claims, type Outcome, RunCommand, RUNTIME, type ServiceRuntime } from '@rapport/service-kit';
import { email } from '../domain/email/email.js';
import { subject } from '../domain/email/subject.js';
import { userName } from '../domain/email/user-name.js';
import type { Reservation, ReservationState } from '../domain/reservation/reservation.js';
import { tenant as tenantDecider } from '../domain/tenant/tenant.js';
import { directoryOf } from '../domain/user/directory.js';
import { user, type UserState } from '../domain/user/user.js';
import { tenantRecordId } from '../records/tenant.js';
import { historyIn, stateIn } from '../state-of.js';

/** A request that has reserved a key has long been answered by then. */
const UNDER_WAY_MILLISECONDS = 10 * 60_000;

interface Identity {
  readonly issuer: string;
  readonly subject: string;
}

/** A key that a user has. */
interface Key {
  readonly of: Reservation;
  readonly text: string;
}

/** Who was erased has none any more; what is put aside is still that user's. */
const keysIn = (present: UserState): readonly Key[] => {
  const state = present && { ...present, ...present.aside };
  const known = directoryOf(state)?.userName;
  return [
    ...(state?.email === undefined ? [] : [{ of: email, text: emailKeyOf(state.email) }]),
    ...(state?.identities ?? []).map((identity) => ({ of: subject, text: textOf(identity) })),
    ...(known === undefined ? [] : [{ of: userName, text: known.toLowerCase() }]),
  ];
};

/** Capitals count in a subject, which they do not in keys. */
const textOf = ({ issuer, subject: name }: Identity): string => idFrom(issuer, name);

const isSame =
  (one: Key) =>
  (other: Key): boolean =>
    one.of === other.of && one.text === other.text;

/** No two users of a tenant have one e-mail address, or are one for the directory: deactivated ones included. */
@Injectable()
export class KeyClaims implements Claims<UserState> {
  constructor(
    @Inject(CommandBus) private readonly commands: CommandBus,
    @Inject(RUNTIME) private readonly runtime: ServiceRuntime,
  ) {}

  async take({ id, after }: Change<UserState>, call: CallContext): Promise<void> {
    for (const key of keysIn(after)) await this.reserve(key, id, call);
  }

  async settle({ id, past, present }: Outcome<UserState>, call: CallContext): Promise<void> {
    const kept = keysIn(present);
    const former = past.flatMap(keysIn).filter((key, n, all) => all.findIndex(isSame(key)) === n);
    for (const key of former) if (!kept.some(isSame(key))) await this.release(key, id, call);
  }

  /** The user who has an e-mail address; it may have changed hands since. */
  holder(address: string, tenant: string): Promise<string | undefined> {
    return this.holderOf({ of: email, text: emailKeyOf(address) }, tenant);
  }

  /** The user whom a provider knows so; it may have changed hands since. */
  holderOfIdentity(identity: Identity, tenant: string): Promise<string | undefined> {
    return this.holderOf({ of: subject, text: textOf(identity) }, tenant);
  }

  private async holderOf(key: Key, tenant: string): Promise<string | undefined> {
    const { events } = this.runtime;
    // Whoever asks may not be known yet: nothing is made for tenants that there are not.
    const opened = await historyIn(events, tenantDecider.aggregate, tenant, tenantRecordId(tenant));
    if (opened.length === 0) return undefined;
    return (await stateIn(events, key.of, tenant, await this.idOf(key, tenant)))?.userId;
  }

  private async reserve(key: Key, userId: string, call: CallContext): Promise<void> {
    const { tenant } = call.principal;
    const id = await this.idOf(key, tenant);
    const instead = await this.formerHolder(key, tenant, id);
    await this.run(key, id, 'Reserve', call, (state, at) => key.of.decide.reserve(state, { userId, instead }, at));
  }

  private async release(key: Key, userId: string, call: CallContext): Promise<void> {
    const id = await this.idOf(key, call.principal.tenant);
    await this.run(key, id, 'Release', call, (state, at) => key.of.decide.release(state, { userId }, at));
  }

  /** Whoever reserved it, and did not come to have it: a process that died between the two. */
  private async formerHolder(key: Key, tenant: string, id: string): Promise<string | undefined> {
    const history = await historyIn(this.runtime.events, key.of.aggregate, tenant, id);
    const userId = fold(key.of, history as never)?.userId;
    if (userId === undefined) return undefined;
    const since = Date.parse(history.at(-1)!.recordedAt);
    if (this.runtime.engines.clock.now().getTime() - since < UNDER_WAY_MILLISECONDS) return undefined;
    const holder = fold(user, (await historyIn(this.runtime.events, user.aggregate, tenant, userId)) as never);
    return keysIn(holder).some(isSame(key)) ? undefined : userId;
  }

  private idOf({ of: { aggregate }, text: key }: Key, tenant: string): Promise<string> {
    return idByKey(this.runtime.engines.keys, { context: 'identity', tenant, aggregate, key });
  }

  private async run(
    { of: decider }: Key,
    id: string,
    deed: 'Reserve' | 'Release',
    { principal, correlationId }: CallContext,
    decide: (state: ReservationState, at: Circumstances) => ReturnType<Reservation['decide']['reserve']>,
  ): Promise<void> {
    const call = { principal, correlationId, answer: {} };
    const name = `${deed}${decider.aggregate[0]!.toUpperCase()}${decider.aggregate.slice(1)}`;
    await this.commands.execute(new RunCommand({ decider, id, steps: [{ name, input: id, decide }], call }));
  }
}
