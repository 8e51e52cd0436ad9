import { Inject, Injectable } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { type BuiltInRole, type BuiltInRoleName, builtInRoles } from '@rapport/access';
import { type CallContext, type Circumstances, idFrom } from '@rapport/kernel';
import { RunCommand, RUNTIME, type ServiceRuntime } from '@rapport/service-kit';
import { role, type RoleFields } from './domain/role/role.js';
import { FIRST_SETTINGS, tenant } from './domain/tenant/tenant.js';
import { roles } from './records/roles.js';
import { tenantRecordId, tenants } from './records/tenant.js';

const CAUGHT_UP_WITHIN_MILLISECONDS = 5_000;

/** Who acts when a tenant is opened. */
export const OPENING = 'identity';

/** A built-in role of a tenant. */
export const builtInRoleId = (tenantName: string, name: BuiltInRoleName): string => idFrom('role', tenantName, name);

/**
 * What every tenant begins with: its settings and the built-in roles. A tenant comes to be with the first token that is issued
 * for it; it is opened when somebody first asks for something in it, which also serves those that there were before.
 */
@Injectable()
export class TenantOpening {
  private readonly opened = new Map<string, Promise<void>>();

  constructor(
    @Inject(CommandBus) private readonly commands: CommandBus,
    @Inject(RUNTIME) private readonly runtime: ServiceRuntime,
  ) {}

  /** Resolves once lists show it. Does nothing twice, in whichever processes it is asked for. */
  async open(call: CallContext): Promise<void> {
    const { tenant: name } = call.principal;
    const opening = this.opened.get(name) ?? this.make(call);
    this.opened.set(name, opening);
    try {
      await opening;
    } catch (failure) {
      this.opened.delete(name);
      throw failure;
    }
  }

  private async make({ principal: { tenant: name }, correlationId }: CallContext): Promise<void> {
    const call: CallContext = {
      principal: { tenant: name, actor: { kind: 'system', id: OPENING }, roles: [] },
      correlationId,
      answer: {},
    };
    const made = Object.entries(builtInRoles).map(([builtIn, given]) =>
      this.created(role, builtInRoleId(name, builtIn as BuiltInRoleName), fieldsOf(builtIn, given), call),
    );
    await Promise.all([...made, this.created(tenant, tenantRecordId(name), FIRST_SETTINGS, call)]);
    const end = await this.runtime.events.end();
    const lists = [this.runtime.projection(roles.projection), this.runtime.projection(tenants.projection)];
    await Promise.all(lists.map((list) => list.reach(end, CAUGHT_UP_WITHIN_MILLISECONDS)));
  }

  /** What is there stays as it is: it is the tenant's. */
  private async created(decider: typeof role | typeof tenant, id: string, fields: object, call: CallContext) {
    const decide = (state: object | null, at: Circumstances) =>
      state ? [] : (decider.decide.create(null, fields as never, at) as never);
    const steps = [{ name: `Open${decider.aggregate}`, input: id, decide }];
    await this.commands.execute(new RunCommand({ decider: decider as never, id, steps, call }));
  }
}

const fieldsOf = (builtIn: string, { version, name, description, grants, fields }: BuiltInRole): RoleFields => ({
  ...{ name, description, grants, builtIn, builtInVersion: version },
  ...(fields.length > 0 && { fields }),
});
