import { Inject, Injectable } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import {
  type CallContext,
  type Circumstances,
  type Decider,
  type Decision,
  DomainError,
  type DomainEvent,
  idFrom,
  newId,
} from '@rapport/kernel';
import { ATTRIBUTES, meter, METRICS } from '@rapport/observability';
import { note, RunCommand, RUNTIME, type ServiceRuntime } from '@rapport/service-kit';
import { type Session, session } from '../../domain/session/session.js';
import { type SignIn, signIn, type SignInEvent } from '../../domain/sign-in/sign-in.js';
import { tenant, type TenantFields } from '../../domain/tenant/tenant.js';
import { tenantRecordId } from '../../records/tenant.js';
import { user, type UserState } from '../../domain/user/user.js';
import { stateIn } from '../../state-of.js';
import { digestOf, newSecret } from '../secret.js';

const attempts = meter.counter(METRICS.signIns);

const SESSION_DAYS = 14;

/** When a session was opened that ends then; RFC 3339 UTC. */
export const openedAt = (expiresAt: string): string =>
  new Date(Date.parse(expiresAt) - SESSION_DAYS * DAY).toISOString();

/** Somebody who was invited may be away; somebody who asks sits before the page. */
const LINK_DAYS = { invitation: 3, reset: 1 / 24 } as const;

const DAY = 24 * 3_600_000;

/** A secret that was made just now, to be shown once. */
export interface Made {
  readonly secret: string;
  readonly expiresAt: string;
}

type Mailed = keyof typeof LINK_DAYS;

/** Where somebody came from. */
interface From {
  readonly address?: string;
}

/** How somebody comes in. */
export interface Entrance {
  /** With more than a password. */
  readonly strong: boolean;
  readonly device: string;
}

/** A session that was opened just now. */
export type Opened = Made & { readonly userId: string };

/** Sessions, and how users sign in, as the events have them. */
@Injectable()
export class Sessions {
  constructor(
    @Inject(CommandBus) private readonly commands: CommandBus,
    @Inject(RUNTIME) private readonly runtime: ServiceRuntime,
  ) {}

  /** Whether links can go to whom they are for. */
  get sendsMail(): boolean {
    return this.runtime.engines.mail !== undefined;
  }

  /** Whether there is such an organisation: nothing is made for one that there is not. */
  async isThere(name: string): Promise<boolean> {
    return (await stateIn(this.runtime.events, tenant, name, tenantRecordId(name))) !== null;
  }

  /** What an organisation has set. */
  async settingsOf(name: string): Promise<TenantFields> {
    return (await stateIn(this.runtime.events, tenant, name, tenantRecordId(name))) ?? {};
  }

  /** The user, at this moment. */
  user(tenant: string, id: string): Promise<UserState> {
    return stateIn(this.runtime.events, user, tenant, id);
  }

  signInOf(tenant: string, userId: string): Promise<SignIn> {
    return stateIn(this.runtime.events, signIn, tenant, userId);
  }

  find(tenant: string, id: string): Promise<Session | null> {
    return stateIn(this.runtime.events, session, tenant, id);
  }

  /** With the password that the user has at this moment. */
  async open(userId: string, { strong, device }: Entrance, call: CallContext): Promise<Opened> {
    const { tenant } = call.principal;
    const { generation } = await this.signInOf(tenant, userId);
    const id = newId();
    const made = this.made('session', tenant, id, SESSION_DAYS);
    const data = {
      ...{ userId, digest: digestOf(made.secret), expiresAt: made.expiresAt, generation },
      ...(strong && { strong }),
      ...(device && { device }),
    };
    await this.run(session, id, 'OpenSession', call, (state, at) => session.decide.open(state, data, at));
    return { ...made, userId };
  }

  close(id: string, call: CallContext): Promise<{ readonly createdAt: string }> {
    return this.run(session, id, 'CloseSession', call, (state, at) => session.decide.close(state, {}, at));
  }

  /** The one that was made before is good no more. @param mailed why it goes by mail, where it does */
  async issueLink(userId: string, call: CallContext, mailed?: Mailed): Promise<Made> {
    const made = this.made('link', call.principal.tenant, userId, LINK_DAYS[mailed ?? 'invitation']);
    const { secret, expiresAt } = made;
    const link = { digest: digestOf(secret), expiresAt, ...(mailed && { secret, mailed }) };
    await this.run(signIn, userId, 'IssueSignInLink', call, (state, at) => signIn.decide.issueLink(state, link, at));
    return made;
  }

  async setPassword(
    userId: string,
    asked: Parameters<typeof signIn.decide.setPassword>[1],
    call: CallContext,
  ): Promise<void> {
    await this.run(signIn, userId, 'SetPassword', call, (state, at) => signIn.decide.setPassword(state, asked, at));
  }

  /** Something else about how a user signs in. */
  async change(
    userId: string,
    name: string,
    call: CallContext,
    decide: (state: SignIn, at: Circumstances) => Decision<SignInEvent>,
  ): Promise<void> {
    await this.run(signIn, userId, name, call, decide);
  }

  /** Whoever came in or was refused is in the audit trail before anybody hears of it. */
  async noted(
    userId: string | undefined,
    { address }: { readonly address: string },
    call: CallContext,
    comeIn: () => Promise<Opened>,
  ): Promise<Opened> {
    const from = address ? { address } : {};
    try {
      const opened = await comeIn();
      await this.noteSignIn(opened.userId, from, call);
      attempts.add(1, { [ATTRIBUTES.outcome]: 'in' });
      return opened;
    } catch (failure) {
      if (failure instanceof DomainError) await this.noteFailure(userId, { ...from, code: failure.code }, call);
      throw failure;
    }
  }

  private noteSignIn(personId: string, from: From, call: CallContext): Promise<void> {
    const principal = { ...call.principal, actor: { kind: 'user', id: personId } } as const;
    return note(this.commands, { type: 'SignedIn', data: { personId, ...from } }, { ...call, principal });
  }

  /** Whoever names an account that nobody has is noted as a stranger; where there is no such organisation, not at all. */
  async noteFailure(
    userId: string | undefined,
    failure: From & { readonly code: string },
    call: CallContext,
  ): Promise<void> {
    attempts.add(1, { [ATTRIBUTES.outcome]: failure.code });
    const { tenant: name } = call.principal;
    if (userId === undefined && !(await this.isThere(name))) return;
    const data = { personId: userId ?? idFrom('strangers', name), ...failure };
    await note(this.commands, { type: 'SignInFailed', data }, call);
  }

  private made(kind: 'session' | 'link', tenant: string, id: string, days: number): Made {
    const expiresAt = new Date(this.runtime.engines.clock.now().getTime() + days * DAY).toISOString();
    return { secret: newSecret(kind, tenant, id), expiresAt };
  }

  private run<State, E extends DomainEvent>(
    decider: Decider<State, E, object>,
    id: string,
    name: string,
    { principal, correlationId }: CallContext,
    decide: (state: State, at: Circumstances) => Decision<E>,
  ): Promise<{ readonly createdAt: string }> {
    const call = { principal, correlationId, answer: {} };
    return this.commands.execute(new RunCommand({ decider, id, steps: [{ name, input: id, decide }], call }));
  }
}
