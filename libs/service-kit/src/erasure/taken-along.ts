import { everythingOf } from '@rapport/access';
import { and, or, where } from '@rapport/read-models';
import { AUDIT_TRAIL, type AuditDocument } from '../audit/audit-trail.js';
import type { ServiceRuntime } from '../service/service-runtime.js';
import type { ErasurePart, TakenAlong } from './erasure.events.js';

/** Everybody is in it. */
const WHOLE_WORKSPACE = 'rapport.workspace.v1.WorkspaceExportsService/DownloadWorkspaceExport';

/** So many times are told one by one. */
const TOLD = 100;

/** What the audit trail of a context knows of files that were about some records. */
export const takenAlong = async (
  runtime: ServiceRuntime,
  tenant: string,
  recordIds: readonly string[],
): Promise<Pick<ErasurePart, 'taken' | 'takenAlong'>> => {
  if (!runtime.definition.audited) return { taken: 0, takenAlong: [] };
  const declaration = { name: AUDIT_TRAIL, fields: {}, indexes: [] };
  const { documents } = runtime.projection<AuditDocument>({ declaration });
  const about = recordIds.map((id) => where('recordIds', 'has', id));
  const filter = and(where('what', '=', 'DataTakenAlong'), or(...about, where('method', '=', WHOLE_WORKSPACE)));
  const sort = [{ field: 'at', descending: true }];
  const scope = everythingOf(tenant);
  const page = await documents.query(scope, { filter, sort, limit: TOLD });
  const taken = page.next === undefined ? page.documents.length : await documents.count(scope, filter);
  return { taken, takenAlong: page.documents.map(toldOf) };
};

const toldOf = ({ at, method = '', actorKind, actorId, onBehalfOf, recordIds }: AuditDocument): TakenAlong => ({
  ...{ at, method, recordIds },
  actor: { kind: actorKind as TakenAlong['actor']['kind'], id: actorId, ...(onBehalfOf && { onBehalfOf }) },
});
