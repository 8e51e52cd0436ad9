import { Inject, Injectable } from '@nestjs/common';
import { everythingOf } from '@rapport/access';
import { type CallContext, DomainError } from '@rapport/kernel';
import { and, where } from '@rapport/read-models';
import { auditEntries, RUNTIME, type ServiceRuntime } from '@rapport/service-kit';
import { KeyClaims } from '../../claims/key-claims.js';
import { Sessions } from '../sessions/sessions.js';

/** So many may fail before anybody has to wait. A gateway that counts for itself lets fewer. */
const FREE = 10;
const LONGEST_WAIT_SECONDS = 15 * 60;
const MEMORY_MILLISECONDS = 24 * 3_600_000;
/** Enough for the longest wait. */
const MOST_LOOKED_AT = 100;
export const HELD_BACK = 'sign-in-locked';

/**
 * Growing waits for an account, over all processes: what has failed stands in the audit trail, which they share. Gateways count too,
 * each for itself, per account and per address, so that not every attempt comes as far as this.
 */
@Injectable()
export class Failures {
  constructor(
    @Inject(RUNTIME) private readonly runtime: ServiceRuntime,
    @Inject(Sessions) private readonly sessions: Sessions,
    @Inject(KeyClaims) private readonly keys: KeyClaims,
  ) {}

  /** The user who has an address; it may have changed hands since. */
  accountOf(email: string, { principal }: CallContext): Promise<string | undefined> {
    return this.keys.holder(email, principal.tenant);
  }

  /** @throws DomainError rate-limited, saying when to come back; it is noted */
  async refuseEarly(userId: string | undefined, from: { readonly address: string }, call: CallContext): Promise<void> {
    if (userId === undefined) return;
    const retryAfterSeconds = await this.waitOf(userId, call.principal.tenant);
    if (retryAfterSeconds <= 0) return;
    await this.heldBack(userId, from, call);
    const message = `Signing in failed too often. Come back in ${retryAfterSeconds} s, or ask an administrator for a new link.`;
    throw new DomainError('rate-limited', HELD_BACK, message, { retryAfterSeconds });
  }

  /** Somebody was not even let try. Once in a minute stands for all. */
  async heldBack(userId: string | undefined, from: { readonly address: string }, call: CallContext): Promise<void> {
    const { now } = this;
    const [last] = userId === undefined ? [] : await this.since(userId, call.principal.tenant, now - 60_000, HELD_BACK);
    if (!last) await this.sessions.noteFailure(userId, { ...from, code: HELD_BACK }, call);
  }

  /** Seconds; 0 for who may try. */
  private async waitOf(userId: string, tenant: string): Promise<number> {
    const noted = await this.since(userId, tenant, this.now - MEMORY_MILLISECONDS);
    const success = noted.findIndex(({ what }) => what === 'SignedIn');
    const failed = (success < 0 ? noted : noted.slice(0, success)).filter(({ code }) => code !== HELD_BACK);
    const over = failed.length - FREE;
    if (over < 0) return 0;
    const until = Date.parse(failed[0]!.at) + 1000 * Math.min(2 ** over, LONGEST_WAIT_SECONDS);
    return Math.ceil((until - this.now) / 1000);
  }

  /** The newest first. */
  private async since(userId: string, tenant: string, from: number, code?: string) {
    const { documents } = await auditEntries(this.runtime).documents.query(everythingOf(tenant), {
      limit: MOST_LOOKED_AT,
      sort: [{ field: 'at', descending: true }],
      filter: and(
        where('personId', '=', userId),
        where('at', '>', new Date(from).toISOString()),
        ...(code === undefined ? [] : [where('code', '=', code)]),
      ),
    });
    return documents.filter(({ what }) => what === 'SignInFailed' || what === 'SignedIn');
  }

  private get now(): number {
    return this.runtime.engines.clock.now().getTime();
  }
}
