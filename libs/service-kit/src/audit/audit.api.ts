import type { CommandBus } from '@nestjs/cqrs';
import { scopeOf } from '@rapport/access';
import type { auditV1, importsV1 } from '@rapport/contracts';
import type { Actor, CallContext } from '@rapport/kernel';
import type { LiveProjection } from '@rapport/processing';
import type { Scope } from '@rapport/read-models';
import type { Handlers } from '../handlers.js';
import { queryOf } from '../records/list-query.js';
import type { ServiceRuntime } from '../service/service-runtime.js';
import type { AuditChain } from './audit-chain.js';
import { AUDIT_TRAIL, type AuditDocument } from './audit-trail.js';
import { note } from './notes.js';

/** What grants call an entry. */
const AUDIT_ENTRY = 'auditEntry';
const CAUGHT_UP_WITHIN_MILLISECONDS = 5_000;
const PART = 500;
const NEWEST_FIRST = [{ field: 'at', descending: true }];

/** rapport.audit.v1.AuditService, as far as it is about this context. */
export class AuditApi implements Handlers<auditV1.AuditService> {
  constructor(
    private readonly runtime: ServiceRuntime,
    private readonly chain: AuditChain,
    private readonly commands: CommandBus,
  ) {}

  async listAuditEntries(
    request: auditV1.ListAuditEntriesRequest,
    call: CallContext,
  ): Promise<auditV1.ListAuditEntriesResponse> {
    const { list, scope } = await this.list(call);
    const query = queryOf(request, list.documents.declaration, NEWEST_FIRST);
    const { documents, next, total } = await list.documents.query(scope, query);
    return { data: documents.map(entryOf), page: { next: next ?? '', hasMore: next !== undefined, total } };
  }

  async downloadAuditEntries(
    { filter, page }: auditV1.DownloadAuditEntriesRequest,
    call: CallContext,
  ): Promise<importsV1.FilePart> {
    const { list, scope } = await this.list(call);
    const asked = { filter, limit: PART, ...(page ? { cursor: page } : {}) };
    const query = queryOf(asked, list.documents.declaration, [{ field: 'at', descending: false }]);
    const { documents, next } = await list.documents.query(scope, query);
    const lines = documents.map((document) => `${JSON.stringify(entryOf(document))}\n`).join('');
    return {
      contentType: 'application/x-ndjson',
      fileName: `audit-${this.runtime.definition.context}.ndjson`,
      data: Buffer.from(lines),
      nextPage: next ?? '',
    };
  }

  async verifyAuditTrail(
    _: auditV1.VerifyAuditTrailRequest,
    { principal }: CallContext,
  ): Promise<auditV1.VerifyAuditTrailResponse> {
    const { broken, ...found } = await this.chain.verify(scopeOf(principal, AUDIT_ENTRY).tenant);
    return { ...found, whole: broken === undefined, broken: broken as auditV1.BrokenLink | undefined };
  }

  async note(
    { deed, actor: given, method, code, address, recordId }: auditV1.NoteRequest,
    call: CallContext,
  ): Promise<auditV1.NoteResponse> {
    const actor = given as Actor;
    const called = {
      ...{ personId: actor.onBehalfOf ?? actor.id, method },
      ...(address ? { address } : {}),
      ...(recordId ? { recordIds: [recordId] } : {}),
    };
    const event =
      deed === 'refused'
        ? ({ type: 'CallRefused', data: { ...called, code } } as const)
        : ({ type: 'DataTakenAlong', data: { ...called, ...(code && { code }) } } as const);
    await note(this.commands, event, { ...call, principal: { ...call.principal, actor } });
    return {};
  }

  private async list(
    call: CallContext,
  ): Promise<{ readonly list: LiveProjection<AuditDocument>; readonly scope: Scope }> {
    const list = this.runtime.projection<AuditDocument>({
      declaration: { name: AUDIT_TRAIL, fields: {}, indexes: [] },
    });
    await list.reach(await this.runtime.engines.events.end(), CAUGHT_UP_WITHIN_MILLISECONDS);
    return { list, scope: scopeOf(call.principal, AUDIT_ENTRY) };
  }
}

const entryOf = (document: AuditDocument): auditV1.AuditEntry => {
  const { id, at, what, object, recordIds, method, code, personId, address, correlationId } = document;
  const actor = { kind: document.actorKind, id: document.actorId, onBehalfOf: document.onBehalfOf };
  const entry = { id, at, what, actor, object, recordIds: [...recordIds], correlationId };
  return { ...entry, method, code, personId, address };
};
