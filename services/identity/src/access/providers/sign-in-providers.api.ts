import { Inject, Injectable } from '@nestjs/common';
import type { identityV1 } from '@rapport/contracts';
import { type CallContext, DomainError, newId } from '@rapport/kernel';
import { ADMINISTRATOR } from '../../domain/role/role.js';
import { type Provider, type ProviderChange, providers, type ProvidersState } from '../../domain/provider/providers.js';
import { builtInRoleId, TenantOpening } from '../../tenant-opening.js';
import { requireGiving } from '../giving.js';
import { UserRights } from '../rights.js';
import { TenantStreams } from '../tenant-stream.js';

type Shown = identityV1.SignInProvider;

/** rapport.identity.v1.SignInProvidersService. Whoever says who comes in decides about all rights. */
@Injectable()
export class SignInProvidersApi {
  constructor(
    @Inject(TenantStreams) private readonly streams: TenantStreams,
    @Inject(UserRights) private readonly rights: UserRights,
    @Inject(TenantOpening) private readonly opening: TenantOpening,
  ) {}

  async createSignInProvider(
    { provider: message }: identityV1.CreateSignInProviderRequest,
    call: CallContext,
  ): Promise<Shown> {
    requireGiving(call, '');
    await this.opening.open(call);
    await this.check(message!, call);
    const providerId = newId();
    const provider = withoutNone(changeOf(message!, FIELDS)) as unknown as Provider;
    const state = await this.streams.change(providers, 'AddProvider', call, (before, at) =>
      providers.decide.add(before, { providerId, provider }, at),
    );
    return shown(providerId, state[providerId]!);
  }

  async listSignInProviders(_: object, { principal }: CallContext): Promise<identityV1.ListSignInProvidersResponse> {
    const state: ProvidersState = await this.streams.of(providers, principal.tenant);
    return { data: Object.entries(state).map(([id, provider]) => shown(id, provider)) };
  }

  async updateSignInProvider(
    { id: providerId, provider, updateMask }: identityV1.UpdateSignInProviderRequest,
    call: CallContext,
  ): Promise<Shown> {
    requireGiving(call, '');
    await this.check(provider!, call);
    const set = changeOf(
      provider!,
      FIELDS.filter((field) => updateMask.includes(field)),
    );
    const state = await this.streams.change(providers, 'ChangeProvider', call, (before, at) =>
      providers.decide.change(before, { providerId, set }, at),
    );
    return shown(providerId, state[providerId]!);
  }

  async removeSignInProvider(
    { id: providerId }: identityV1.RemoveSignInProviderRequest,
    call: CallContext,
  ): Promise<Shown> {
    requireGiving(call, '');
    const before = (await this.streams.of(providers, call.principal.tenant))[providerId];
    await this.streams.change(providers, 'RemoveProvider', call, (state, at) =>
      providers.decide.remove(state, { providerId }, at),
    );
    return shown(providerId, before!);
  }

  /** The last administrator is counted user by user: no group of somebody else's makes one. */
  private async check({ roles, issuer }: Shown, { principal: { tenant } }: CallContext): Promise<void> {
    if (issuer !== '' && !/^https?:\/\/[^?#]+$/.test(issuer))
      throw wrong(
        '/provider/issuer',
        'bad-issuer',
        'An issuer is an address without ? and #: https://login.example.org.',
      );
    for (const [n, { roleId }] of roles.entries()) {
      const pointer = `/provider/roles/${n}/roleId`;
      if (roleId === builtInRoleId(tenant, ADMINISTRATOR))
        throw wrong(pointer, 'role-not-for-groups', 'Administrators are made one by one. Give the role to users.');
      if (!(await this.rights.hasRole(tenant, roleId)))
        throw wrong(pointer, 'role-not-found', `There is no role ${roleId}. Check the id, or list them.`);
    }
  }
}

const FIELDS = [
  ...(['name', 'issuer', 'clientId', 'clientSecret', 'scopes', 'groupsClaim', 'roles', 'createsUsers'] as const),
] satisfies readonly (keyof Provider)[];

const changeOf = (message: Shown, fields: readonly (typeof FIELDS)[number][]): ProviderChange =>
  Object.fromEntries(
    fields.map((field) => {
      const value = message[field];
      const isNone = value === undefined || value === '' || (Array.isArray(value) && value.length === 0);
      return [field, isNone ? null : value];
    }),
  );

const withoutNone = (change: ProviderChange): object =>
  Object.fromEntries(Object.entries(change).filter(([, value]) => value !== null));

const shown = (id: string, { clientSecret, roles = [], createsUsers, ...provider }: Provider): Shown => ({
  ...{ scopes: undefined, groupsClaim: undefined, ...provider, id },
  ...{ clientSecret: undefined, hasSecret: clientSecret !== undefined },
  ...{ roles: roles.map((role) => ({ ...role })), createsUsers: createsUsers ?? false },
});

const wrong = (pointer: string, code: string, message: string): DomainError =>
  new DomainError('invalid', code, message, { fields: [{ pointer, code, message }] });
