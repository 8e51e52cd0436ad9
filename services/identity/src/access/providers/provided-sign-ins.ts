import { Inject, Injectable } from '@nestjs/common';
import { identityV1 } from '@rapport/contracts';
import { type CallContext, DomainError, emailKeyOf, isRejection, newId } from '@rapport/kernel';
import type { Step } from '@rapport/service-kit';
import { KeyClaims } from '../../claims/key-claims.js';
import { type Provider, providers } from '../../domain/provider/providers.js';
import { hasAccess, user, type UserState } from '../../domain/user/user.js';
import type { UserEvent } from '../../domain/user/user.events.js';
import { type UserRecords, users } from '../../records/users.js';
import { AnsweredAddresses } from './answered-addresses.js';
import { type Opened, Sessions } from '../sessions/sessions.js';
import { TenantStreams } from '../tenant-stream.js';

type Asked = identityV1.OpenProvidedSessionRequest;

/** Who acts when somebody comes in by a provider. */
const SIGN_IN = 'sign-in';

/**
 * Signing in by a provider, whose word the gateway has checked. Whom it is about is known by issuer and subject; who is not is known
 * again by a verified address of a proved domain only, so that nobody becomes somebody else by writing an address somewhere.
 */
@Injectable()
export class ProvidedSignIns {
  constructor(
    @Inject(users.token) private readonly records: UserRecords,
    @Inject(KeyClaims) private readonly keys: KeyClaims,
    @Inject(AnsweredAddresses) private readonly addresses: AnsweredAddresses,
    @Inject(Sessions) private readonly sessions: Sessions,
    @Inject(TenantStreams) private readonly streams: TenantStreams,
  ) {}

  async offered({ principal }: CallContext): Promise<identityV1.OfferedProviders> {
    const all = await this.streams.of(providers, principal.tenant);
    return { data: Object.entries(all).map(([id, { name }]) => ({ id, name })) };
  }

  /** For the gateway alone, which asks it. */
  async provider(id: string, { principal }: CallContext): Promise<identityV1.OfferedProvider> {
    const found = (await this.streams.of(providers, principal.tenant))[id];
    if (!found)
      throw new DomainError(
        'not-found',
        'provider-not-found',
        'There is no such provider. GET /v1/sign-in-providers lists those that there are.',
      );
    const { issuer, clientId, clientSecret, scopes, groupsClaim } = found;
    return { issuer, clientId, clientSecret, scopes, groupsClaim };
  }

  async open(asked: Asked, call: CallContext): Promise<identityV1.OpenedSession> {
    const { tenant } = call.principal;
    const provider = (await this.streams.of(providers, tenant))[asked.providerId];
    if (provider?.issuer !== asked.issuer)
      throw refused('This provider is not offered any more. Sign in another way, or ask an administrator.');
    const acting = actingFor(call);
    const known = await this.known(asked, tenant);
    return this.sessions.noted(known, asked, call, () => this.come(known, asked, provider, acting));
  }

  private async come(known: string | undefined, asked: Asked, provider: Provider, call: CallContext): Promise<Opened> {
    const userId = known ?? (await this.newUser(asked, provider, call));
    const state = await this.sessions.user(call.principal.tenant, userId);
    // A sign-in never wakes anybody.
    if (!hasAccess(state)) throw refused('This user was deactivated. Ask an administrator.');
    if (state.kind === 'service') throw refused('A program comes in with an API key.');
    await this.keep(userId, asked, provider, call);
    return this.sessions.open(userId, { strong: true, device: asked.device }, call);
  }

  private async known({ issuer, subject, ...said }: Asked, tenant: string): Promise<string | undefined> {
    const linked = await this.keys.holderOfIdentity({ issuer, subject }, tenant);
    if (linked !== undefined) {
      const { identities = [] } = (await this.sessions.user(tenant, linked)) ?? {};
      if (identities.some((each) => each.issuer === issuer && each.subject === subject)) return linked;
    }
    return (await this.addresses.holder(addressIn(said), tenant))?.id;
  }

  /** The identity is linked, and roles follow from groups, in one step; nothing is written where nothing changes. */
  private async keep(userId: string, asked: Asked, provider: Provider, call: CallContext): Promise<void> {
    const decide: Step<UserState, UserEvent>['decide'] = (state, at) => {
      const set = { identities: linkedTo(state, asked), roleIds: orNone(rolesOf(state, asked, provider)) };
      return user.decide.edit(state, { set }, at);
    };
    await this.records.run(userId, [{ name: 'SignInByProvider', input: userId, decide }], call);
  }

  private async newUser(asked: Asked, provider: Provider, call: CallContext): Promise<string> {
    if (!provider.createsUsers) throw refused('You are not known here. Ask an administrator to invite you.');
    const id = newId();
    const roleIds = rolesOf(null, asked, provider);
    const fields = {
      name: asked.name ?? asked.email ?? asked.subject,
      ...(addressIn(asked) !== undefined && { email: asked.email! }),
      ...(roleIds.length > 0 && { roleIds }),
      identities: linkedTo(null, asked),
    };
    const decide: Step<UserState, UserEvent>['decide'] = (state, at) => {
      const created = user.decide.create(state, fields, at);
      return isRejection(created) ? created : [...created];
    };
    const write = { fresh: true, action: 'create' } as const;
    await this.records.run(id, [{ name: 'CreateUserByProvider', input: id, decide }], call, write).catch(taken);
    return id;
  }
}

/** Only what the provider has verified is somebody's address. */
const addressIn = ({ email, emailVerified }: Pick<Asked, 'email' | 'emailVerified'>): string | undefined =>
  email !== undefined && emailVerified ? emailKeyOf(email) : undefined;

const linkedTo = (state: UserState, { issuer, subject }: Asked): readonly { issuer: string; subject: string }[] => {
  const before = state?.identities ?? [];
  const isLinked = before.some((each) => each.issuer === issuer && each.subject === subject);
  return isLinked ? before : [...before, { issuer, subject }];
};

/** Of the roles that the provider's groups give, those of the groups that somebody is in; and whatever others there are. */
const rolesOf = (state: UserState, { groups }: Asked, { roles = [] }: Provider): readonly string[] => {
  const before = state?.roleIds ?? [];
  const byGroups = new Set(roles.map(({ roleId }) => roleId));
  const given = new Set(roles.filter(({ group }) => groups.includes(group)).map(({ roleId }) => roleId));
  const kept = before.filter((id) => !byGroups.has(id) || given.has(id));
  return [...new Set([...kept, ...given])];
};

const orNone = (ids: readonly string[]): readonly string[] | null => (ids.length > 0 ? ids : null);

const actingFor = ({ principal: { tenant }, correlationId }: CallContext): CallContext => ({
  principal: { tenant, actor: { kind: 'system', id: SIGN_IN }, roles: [] },
  correlationId,
  answer: {},
});

const refused = (message: string): DomainError => new DomainError('forbidden', 'sign-in-refused', message);

/** Who has the address keeps it. */
const taken = (failure: unknown): never => {
  if (failure instanceof DomainError && failure.kind === 'already-exists')
    throw refused('Your address is known here, but not as one of your provider’s. Ask an administrator.');
  throw failure;
};
