import { Inject, Injectable } from '@nestjs/common';
import type { identityV1 } from '@rapport/contracts';
import { type CallContext, DomainError } from '@rapport/kernel';
import { problemOf } from '@rapport/service-kit';
import { PROVISIONING } from '../domain/user/directory.js';
import { errorBody, invalid, ScimError } from './protocol/scim-error.js';
import { ScimRouter } from './scim-router.js';

/** rapport.identity.v1.ScimService */
@Injectable()
export class ScimApi {
  constructor(@Inject(ScimRouter) private readonly router: ScimRouter) {}

  getScim(request: identityV1.ScimRequest, call: CallContext): Promise<identityV1.ScimAnswer> {
    return this.answer(request, call);
  }

  changeScim(request: identityV1.ScimRequest, call: CallContext): Promise<identityV1.ScimAnswer> {
    return this.answer(request, call);
  }

  /** Errors of the protocol are answers, too; what nobody expected is for the log. */
  private async answer(request: identityV1.ScimRequest, call: CallContext): Promise<identityV1.ScimAnswer> {
    try {
      const { method, path, query, base, ifMatch, ifNoneMatch } = request;
      const asked = { method, path, parameters: new URLSearchParams(query), body: bodyOf(request), base, ifMatch };
      const { status, body, location, etag } = await this.router.answer(asked, asProvisioning(call));
      if (method === 'GET' && etag !== undefined && isKnown(ifNoneMatch, etag))
        return { status: 304, body: '', location: undefined, etag };
      return { status, body: body ? JSON.stringify(body) : '', location, etag };
    } catch (failure) {
      return { ...refused(failure), location: undefined, etag: undefined };
    }
  }
}

/** What is done for a directory is done by provisioning, on behalf of whose key it is: nothing else may wake whom it sent away. */
const asProvisioning = (call: CallContext): CallContext => {
  const { tenant, actor } = call.principal;
  const principal = { tenant, actor: { kind: 'system' as const, id: PROVISIONING, onBehalfOf: actor.id }, roles: [] };
  return { principal, correlationId: call.correlationId, answer: {} };
};

const bodyOf = ({ body }: identityV1.ScimRequest): unknown => {
  if (body === '') return undefined;
  try {
    return JSON.parse(body);
  } catch {
    throw invalid('invalidSyntax', 'The body is no JSON.');
  }
};

const isKnown = (ifNoneMatch: string | undefined, etag: string): boolean =>
  ifNoneMatch !== undefined &&
  ifNoneMatch.split(',').some((each) => ['*', etag, etag.slice('W/'.length)].includes(each.trim()));

const refused = (failure: unknown): { status: number; body: string } => {
  const told = (status: number, ...said: [string, ScimError['scimType']?]) => ({
    status,
    body: JSON.stringify(errorBody(status, ...said)),
  });
  if (failure instanceof ScimError) return told(failure.status, failure.message, failure.scimType);
  if (!(failure instanceof DomainError) || failure.kind === 'internal') throw failure;
  const { status, detail } = problemOf(failure);
  switch (failure.kind) {
    case 'already-exists':
      return told(409, detail, 'uniqueness');
    case 'invalid':
      return told(400, detail, 'invalidValue');
    default:
      return told(status, detail);
  }
};
