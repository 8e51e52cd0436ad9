import { Inject, Injectable } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { identityV1, typesV1 } from '@rapport/contracts';
import type { CallContext } from '@rapport/kernel';
import { Records, RUNTIME, type ServiceRuntime } from '@rapport/service-kit';
import { tenantRecordId, type TenantRecords, tenants } from '../records/tenant.js';
import { TenantOpening } from '../tenant-opening.js';

/** The settings of the caller's own tenant: a record that is there without anybody creating it. */
@Injectable()
export class TenantApi {
  private readonly records: TenantRecords;

  constructor(
    @Inject(CommandBus) commands: CommandBus,
    @Inject(RUNTIME) runtime: ServiceRuntime,
    @Inject(TenantOpening) private readonly opening: TenantOpening,
  ) {
    const { events, definition } = runtime;
    const list = runtime.projection(tenants.projection);
    this.records = new Records(tenants.kind, { commands, events, list, context: definition.context });
  }

  async getTenant(request: identityV1.GetTenantRequest, call: CallContext): Promise<identityV1.Tenant> {
    return this.records.get({ ...request, id: await this.idOf(call) }, call);
  }

  async updateTenant(
    { tenant, updateMask }: identityV1.UpdateTenantRequest,
    call: CallContext,
  ): Promise<identityV1.Tenant> {
    return this.records.edit(await this.idOf(call), tenant!, updateMask, call);
  }

  async undoTenantChange(request: identityV1.UndoTenantChangeRequest, call: CallContext): Promise<identityV1.Tenant> {
    return this.records.undo({ ...request, id: await this.idOf(call) }, call);
  }

  async listTenantHistory(
    request: identityV1.ListTenantHistoryRequest,
    call: CallContext,
  ): Promise<typesV1.ListHistoryResponse> {
    return this.records.history({ ...request, id: await this.idOf(call) }, call);
  }

  private async idOf(call: CallContext): Promise<string> {
    await this.opening.open(call);
    return tenantRecordId(call.principal.tenant);
  }
}
