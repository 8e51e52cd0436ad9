import { Inject, Injectable } from '@nestjs/common';
import type { identityV1, typesV1 } from '@rapport/contracts';
import type { CallContext } from '@rapport/kernel';
import type { RecordApi } from '@rapport/service-kit';
import { type RoleRecords, roles } from '../records/roles.js';
import { TenantOpening } from '../tenant-opening.js';

/** What only roles can do, and that the built-in ones are there. */
@Injectable()
export class RolesApi implements RecordApi<typeof roles> {
  constructor(
    @Inject(roles.token) private readonly records: RoleRecords,
    @Inject(TenantOpening) private readonly opening: TenantOpening,
  ) {}

  async listRoles(
    request: typesV1.ListRecordsRequest,
    call: CallContext,
  ): Promise<{ data: identityV1.Role[]; page: typesV1.Page }> {
    await this.opening.open(call);
    return this.records.list(request, call);
  }

  async getRole(request: typesV1.GetRecordRequest, call: CallContext): Promise<identityV1.Role> {
    await this.opening.open(call);
    return this.records.get(request, call);
  }

  /** A copy is the tenant's own from the beginning: it is not built in. */
  async copyRole({ id, name }: identityV1.CopyRoleRequest, call: CallContext): Promise<identityV1.Role> {
    await this.opening.open(call);
    const { principal, correlationId, consistency } = call;
    const looking: CallContext = { principal, correlationId, answer: {}, ...(consistency && { consistency }) };
    const { description, grants, fields } = await this.records.get({ id, asOf: undefined, asOfBy: undefined }, looking);
    return this.records.create({ name, description, grants, fields }, call);
  }
}
