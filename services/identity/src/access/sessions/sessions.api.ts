import { Inject, Injectable } from '@nestjs/common';
import { everythingOf, requirePermission } from '@rapport/access';
import type { identityV1 } from '@rapport/contracts';
import { type CallContext, DomainError } from '@rapport/kernel';
import { and, where } from '@rapport/read-models';
import { RUNTIME, type ServiceRuntime } from '@rapport/service-kit';
import { type SessionDocument, sessionList } from '../../read-models/session-list.js';
import { Sessions } from './sessions.js';

const CAUGHT_UP_WITHIN_MILLISECONDS = 5_000;
/** Nobody has more open at once than somebody can look through. */
const MOST_LISTED = 200;

/** rapport.identity.v1.SessionsService */
@Injectable()
export class SessionsApi {
  constructor(
    @Inject(RUNTIME) private readonly runtime: ServiceRuntime,
    @Inject(Sessions) private readonly sessions: Sessions,
  ) {}

  async listSessions(
    request: identityV1.ListSessionsRequest,
    call: CallContext,
  ): Promise<identityV1.ListSessionsResponse> {
    const userId = request.userId ?? userOf(call);
    if (userId !== userOf(call)) requirePermission(call.principal, 'access.read');
    const list = this.runtime.projection(sessionList);
    await list.reach(await this.runtime.events.end(), CAUGHT_UP_WITHIN_MILLISECONDS);
    // One's own are nobody's to hide, and those of others were asked about above.
    const { documents } = await list.documents.query(everythingOf(call.principal.tenant), {
      limit: MOST_LISTED,
      sort: [{ field: 'createdAt', descending: true }],
      filter: and(
        where('userId', '=', userId),
        where('closed', '=', false),
        where('expiresAt', '>', this.runtime.engines.clock.now().toISOString()),
      ),
    });
    const { generation } = await this.sessions.signInOf(call.principal.tenant, userId);
    return { data: documents.filter((each) => each.generation === generation).map(shown) };
  }

  async closeSession({ id }: identityV1.CloseSessionRequest, call: CallContext): Promise<identityV1.Session> {
    const known = await this.sessions.find(call.principal.tenant, id);
    if (!known) throw new DomainError('not-found', 'session-not-found', `There is no session ${id}. List them.`);
    if (known.userId !== userOf(call)) requirePermission(call.principal, 'access.write');
    const { createdAt } = await this.sessions.close(id, call);
    return shown({ ...known, closed: true, id, createdAt });
  }
}

const userOf = ({ principal: { actor } }: CallContext): string => actor.onBehalfOf ?? actor.id;

const shown = (document: Pick<SessionDocument, 'id' | 'userId' | 'createdAt' | 'expiresAt' | 'closed' | 'device'>) => {
  const { id, userId, createdAt, expiresAt, closed, device } = document;
  return { id, userId, createdAt, expiresAt, closed, device };
};
