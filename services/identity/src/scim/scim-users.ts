import { Inject, Injectable } from '@nestjs/common';
import { identityV1 } from '@rapport/contracts';
import { type CallContext, isRejection, newId } from '@rapport/kernel';
import type { Step } from '@rapport/service-kit';
import { AnsweredAddresses } from '../access/providers/answered-addresses.js';
import { provision } from '../domain/user/provisioning.js';
import { user, type UserState } from '../domain/user/user.js';
import type { UserEvent } from '../domain/user/user.events.js';
import { type UserDocument, type UserRecords, users } from '../records/users.js';
import { TenantOpening } from '../tenant-opening.js';
import { Directory } from './directory.js';
import type { Resource } from './protocol/attribute.js';
import { patched } from './protocol/patch.js';
import { readResource } from './protocol/reading.js';
import { ScimError } from './protocol/scim-error.js';
import { userType } from './protocol/user-type.js';
import { saidOf } from './resources.js';
import { userFieldsOf } from './user-fields.js';

type UserStep = Step<UserState, UserEvent>;

/** Users as a directory keeps them. */
@Injectable()
export class ScimUsers {
  constructor(
    @Inject(users.token) private readonly records: UserRecords,
    @Inject(Directory) private readonly directory: Directory,
    @Inject(TenantOpening) private readonly opening: TenantOpening,
    @Inject(AnsweredAddresses) private readonly addresses: AnsweredAddresses,
  ) {}

  /**
   * Nobody is taken over: an address that a user has already is a conflict, unless the tenant has proved that it answers for the
   * address. Then the directory keeps that user from now on.
   */
  async create(body: unknown, call: CallContext): Promise<UserDocument> {
    await this.opening.open(call);
    const resource = { active: true, ...readResource(body, userType) };
    const set = userFieldsOf(resource);
    const known = await this.knownBy(set.email ?? undefined, call);
    if (known !== undefined) {
      await this.run(
        known,
        (state, at, history) => provision(state, { set, active: resource.active }, at, history),
        call,
      );
      return this.present(known, call);
    }
    const fields = withoutNone(set);
    const decide: UserStep['decide'] = (state, at, history) => {
      const created = user.decide.create(state, fields as never, at);
      if (isRejection(created) || resource.active) return created;
      const archived = provision(user.evolve(null, created[0]!), { set: {}, active: false }, at, history);
      return isRejection(archived) ? archived : [...created, ...archived];
    };
    const id = newId();
    await this.records.run(id, [{ name: 'ProvisionUser', input: id, decide }], call, { fresh: true, action: 'create' });
    return this.present(id, call);
  }

  /** An active person with an address that the tenant answers for, whom no directory keeps yet. */
  private async knownBy(address: string | undefined, { principal }: CallContext): Promise<string | undefined> {
    const { id, state } = (await this.addresses.holder(address, principal.tenant)) ?? {};
    const isFree = state && !state.archived && state.kind !== 'service' && state.directory === undefined;
    return isFree ? id : undefined;
  }

  replace(id: string, body: unknown, call: CallContext): Promise<UserDocument> {
    const resource = readResource(body, userType);
    return this.change(id, ({ active }) => ({ active, ...resource }), call);
  }

  patch(id: string, body: unknown, call: CallContext): Promise<UserDocument> {
    return this.change(id, (before) => patched(before, body, userType), call);
  }

  /** Access ends, and the directory knows the user no more; another one may come by the same name and address. */
  async remove(id: string, call: CallContext): Promise<void> {
    const { teamIds } = await this.present(id, call);
    const kept = new Set((await this.directory.allTeams(call.principal.tenant)).map((team) => team.id));
    const left = (teamIds ?? []).filter((teamId) => !kept.has(teamId));
    const set = { directory: null, email: null, teamIds: left.length > 0 ? left : null };
    await this.run(id, (state, at, history) => provision(state, { set, active: false }, at, history), call);
  }

  /** Puts a user into a team, or takes one out of it. */
  async setMember(id: string, teamId: string, isMember: boolean, call: CallContext): Promise<void> {
    const { principal, correlationId } = call;
    await this.run(
      id,
      (state, at, history) => {
        const others = (state?.teamIds ?? []).filter((each) => each !== teamId);
        const teamIds = isMember ? [...others, teamId] : others;
        return provision(state, { set: { teamIds: teamIds.length > 0 ? teamIds : null } }, at, history);
      },
      { principal, correlationId, answer: {} },
    );
  }

  private async change(id: string, next: (before: Resource) => Resource, call: CallContext): Promise<UserDocument> {
    await this.present(id, call);
    await this.run(
      id,
      (state, at, history) => {
        if (!state?.directory) throw nobody(id);
        const after = next(saidOf(state));
        const { active } = after;
        const wanted = { set: userFieldsOf(after), ...(typeof active === 'boolean' && { active }) };
        return provision(state, wanted, at, history);
      },
      call,
    );
    return this.present(id, call);
  }

  private async run(id: string, decide: UserStep['decide'], call: CallContext): Promise<void> {
    await this.records.run(id, [{ name: 'ProvisionUser', input: id, decide }], call);
  }

  /** @throws ScimError 404 */
  async present(id: string, { principal }: CallContext): Promise<UserDocument> {
    const found = await this.directory.user(principal.tenant, id);
    if (!found) throw nobody(id);
    return found;
  }
}

const nobody = (id: string): ScimError => new ScimError(404, `There is no user ${id.slice(0, 100)}.`);

/** A new record has no fields to empty. */
const withoutNone = (fields: object): Partial<identityV1.User> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));
