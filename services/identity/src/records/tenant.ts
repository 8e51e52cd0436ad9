import { identityV1 } from '@rapport/contracts';
import { idFrom } from '@rapport/kernel';
import {
  contractMessage,
  listedFields,
  publishRecord,
  type RecordKind,
  recordProjection,
  type Records,
} from '@rapport/service-kit';
import { tenant, type TenantEvent, type TenantFields, type TenantState } from '../domain/tenant/tenant.js';

export type TenantRecords = Records<TenantState, TenantEvent, TenantFields, identityV1.Tenant>;

const kind: RecordKind<TenantState, TenantEvent, TenantFields, identityV1.Tenant> = {
  // Nobody asks it to be archived.
  decider: tenant as unknown as TenantRecords['kind']['decider'],
  message: identityV1.Tenant,
  outputOnly: ['id', 'info'],
};

/** The one record of its kind that a tenant has: nobody lists them. */
export const tenants = {
  decider: tenant,
  kind,
  projection: recordProjection<TenantState, TenantEvent>(tenant, {
    name: 'tenants',
    fields: listedFields(contractMessage('rapport.identity.v1.Tenant'), []),
    indexes: [],
  }),
  publishes: publishRecord<'Tenant', TenantEvent>('Tenant', 'tenant'),
};

export const tenantRecordId = (name: string): string => idFrom('tenant', name);
