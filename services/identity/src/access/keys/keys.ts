import { Inject, Injectable } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { everythingOf, type Scope } from '@rapport/access';
import { type CallContext, type Circumstances, type Decision, DomainError, instantOf } from '@rapport/kernel';
import { type Filter, where } from '@rapport/read-models';
import { RunCommand, RUNTIME, type ServiceRuntime } from '@rapport/service-kit';
import {
  type ApiKey,
  apiKey,
  type ApiKeyEvent,
  type ApiKeyIssued,
  type ApiKeyState,
} from '../../domain/api-key/api-key.js';
import { type ApiKeyDocument, apiKeyList } from '../../read-models/api-key-list.js';

/** Valid ones, of one tenant. */
const MOST_KEYS = 1_000;
const CAUGHT_UP_WITHIN_MILLISECONDS = 5_000;
const PAGE = 200;

/** A key as it may be shown. */
export type KnownKey = Omit<ApiKey, 'digest'> & Pick<ApiKeyDocument, 'id' | 'createdAt' | 'formerUntil' | 'revokedAt'>;

export type DecideOnKey = (state: ApiKeyState, at: Circumstances) => Decision<ApiKeyEvent>;

/** Every key of a tenant, whether it is a user's or has roles of its own. */
@Injectable()
export class Keys {
  constructor(
    @Inject(CommandBus) private readonly commands: CommandBus,
    @Inject(RUNTIME) private readonly runtime: ServiceRuntime,
  ) {}

  issue(id: string, issued: ApiKeyIssued['data'], call: CallContext): Promise<KnownKey> {
    return this.run(id, 'CreateApiKey', call, (state, at) => apiKey.decide.issue(state, issued, at));
  }

  revoke(id: string, call: CallContext): Promise<KnownKey> {
    return this.run(id, 'RevokeApiKey', call, (state, at) => apiKey.decide.revoke(state, {}, at));
  }

  async run(id: string, name: string, call: CallContext, decide: DecideOnKey): Promise<KnownKey> {
    // Secrets are drawn anew: what comes again under an Idempotency-Key is another one, and must not pass for the first.
    const { idempotencyKey: _, ...once } = call;
    const order = { decider: apiKey, id, steps: [{ name, input: id, decide }], call: once };
    const { state, createdAt } = await this.commands.execute(new RunCommand<ApiKeyState, ApiKeyEvent>(order));
    return { ...(state as ApiKey), id, createdAt };
  }

  async one(scope: Scope, id: string): Promise<ApiKeyDocument | undefined> {
    return (await this.list()).get(scope, id);
  }

  /** The newest first. */
  async all(scope: Scope, filter?: Filter): Promise<readonly ApiKeyDocument[]> {
    const documents = await this.list();
    const all: ApiKeyDocument[] = [];
    for (let cursor: string | undefined = ''; cursor !== undefined;) {
      const page: Awaited<ReturnType<typeof documents.query>> = await documents.query(scope, {
        limit: PAGE,
        sort: [{ field: 'createdAt', descending: true }],
        ...(filter && { filter }),
        ...(cursor && { cursor }),
      });
      all.push(...page.documents);
      cursor = page.next;
    }
    return all;
  }

  /** Whether there has ever been one. */
  async hasAny(tenant: string): Promise<boolean> {
    return (await (await this.list()).query(everythingOf(tenant), { limit: 1 })).documents.length > 0;
  }

  async refuseTooMany(tenant: string): Promise<void> {
    const valid = await (await this.list()).count(everythingOf(tenant), where('revoked', '=', false));
    if (valid < MOST_KEYS) return;
    const message = `There are ${MOST_KEYS} API keys, as many as a tenant may have. Revoke those that nobody uses.`;
    throw new DomainError('conflict', 'too-many-keys', message);
  }

  expiry(expiresAt: string | undefined): string | undefined {
    if (expiresAt === undefined) return undefined;
    const at = instantOf(expiresAt);
    if (at > this.runtime.engines.clock.now()) return at.toISOString();
    const message = `A key that expires at ${expiresAt} could never be used. Give a time to come, or none.`;
    const fields = [{ pointer: '/expiresAt', code: 'already-expired', message }];
    throw new DomainError('invalid', 'already-expired', message, { fields });
  }

  private async list() {
    const list = this.runtime.projection(apiKeyList);
    await list.reach(await this.runtime.events.end(), CAUGHT_UP_WITHIN_MILLISECONDS);
    return list.documents;
  }
}
