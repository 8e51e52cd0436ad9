import type { LiveProjection } from '@rapport/processing';
import type { ServiceRuntime } from '../service/service-runtime.js';
import { AUDIT_TRAIL, type AuditDocument } from './audit-trail.js';

/** A context's own trail, as it is listed. */
export const auditEntries = (runtime: Pick<ServiceRuntime, 'projection'>): LiveProjection<AuditDocument> =>
  runtime.projection<AuditDocument>({ declaration: { name: AUDIT_TRAIL, fields: {}, indexes: [] } });
