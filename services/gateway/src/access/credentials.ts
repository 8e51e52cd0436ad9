import { GATEWAY } from '@rapport/access';
import type { identityV1 } from '@rapport/contracts';
import { type CallContext, type Clock, DomainError, newId, type Principal } from '@rapport/kernel';
import type { Backend } from '@rapport/service-kit';
import { digestOf } from './access-tokens.js';
import { Grant } from './grant.js';

export const CREDENTIALS = 'rapport.identity.v1.CredentialsService';

/** What is known of a key is asked for again after so long. */
const FRESH_MILLISECONDS = 5_000;
/** Without an answer from identity nobody is believed for longer than this. */
const BELIEVED_MILLISECONDS = 10_000;
/** Keys that are remembered; then everything is asked for anew. */
const REMEMBERED = 10_000;

/** Tenant and id of the key stand in its secret: `rapport_<tenant>_<id>_<random>`. */
const SECRET =
  /^rapport_([a-z0-9_]{1,40})_([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})_[\w-]{32}$/;

interface Known {
  readonly tenant: string;
  readonly id: string;
  readonly digest: string;
  grant: Grant | undefined;
  /** By the ticks; never when it has to be asked for. */
  confirmedAt: number;
  confirming: Promise<Grant | undefined> | undefined;
}

/**
 * Keys of identity, each remembered for seconds, so that a request costs no question and whoever was sent away is out in ten
 * seconds, wherever that was done. Those that hold streams open are asked for again all the time.
 */
export class Credentials {
  readonly #known = new Map<string, Known>();
  readonly #held = new Map<Grant, number>();
  readonly #timer: NodeJS.Timeout;
  /** Goes up when something that is known may have changed. */
  #writes = 0;

  /** @param identity undefined where nobody answers for keys */
  constructor(
    private readonly identity: Backend | undefined,
    private readonly clock: Clock,
    private readonly ticks: () => number = () => performance.now(),
  ) {
    this.#timer = setInterval(() => this.#look(), FRESH_MILLISECONDS);
    this.#timer.unref();
  }

  /** @throws DomainError unavailable while identity cannot be asked */
  async find(secret: string): Promise<Grant | undefined> {
    const [, tenant, ...id] = SECRET.exec(secret) ?? [];
    if (tenant === undefined || !this.identity) return undefined;
    const digest = digestOf(secret);
    let known = this.#known.get(digest);
    if (known && this.#age(known) < FRESH_MILLISECONDS) return known.grant;
    if (!known) {
      if (this.#known.size >= REMEMBERED) this.#makeRoom();
      known = { tenant, id: id.join('-'), digest, grant: undefined, confirmedAt: -Infinity, confirming: undefined };
    }
    return this.#confirm(known);
  }

  /** One that was found before. */
  get(tenant: string, id: string): Grant | undefined {
    return [...this.#known.values()].find((known) => known.tenant === tenant && known.id === id)?.grant;
  }

  /** As long as it is held it ends by itself when it has to. */
  hold(grant: Grant): Disposable {
    this.#held.set(grant, (this.#held.get(grant) ?? 0) + 1);
    return {
      [Symbol.dispose]: () => {
        const left = this.#held.get(grant)! - 1;
        if (left > 0) this.#held.set(grant, left);
        else this.#held.delete(grant);
      },
    };
  }

  /** Something was written through this door: nothing that is known counts any more. */
  forget(): void {
    this.#writes += 1;
    for (const known of this.#known.values()) known.confirmedAt = Math.min(known.confirmedAt, this.#stale);
    this.#look();
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #makeRoom(): void {
    for (const [digest, { grant }] of this.#known) if (!grant || !this.#held.has(grant)) this.#known.delete(digest);
  }

  get #stale(): number {
    return this.ticks() - FRESH_MILLISECONDS;
  }

  #age({ confirmedAt }: Known): number {
    return this.ticks() - confirmedAt;
  }

  #look(): void {
    for (const known of this.#known.values()) {
      if (!known.grant || !this.#held.has(known.grant)) continue;
      this.#confirm(known).catch(() => {
        // Nobody answers: whoever is not believed any more is out.
        known.grant?.revoke(this.#now);
      });
    }
  }

  #confirm(known: Known): Promise<Grant | undefined> {
    known.confirming ??= this.#ask(known).finally(() => (known.confirming = undefined));
    return known.confirming;
  }

  async #ask(known: Known): Promise<Grant | undefined> {
    const { writes, asked } = { writes: this.#writes, asked: this.ticks() };
    let answer: identityV1.Credential;
    try {
      const request: identityV1.ResolveRequest = { id: known.id, digest: known.digest };
      answer = (await this.identity!.invoke(CREDENTIALS, 'resolve', request, callOf(known.tenant))) as never;
    } catch (failure) {
      if (known.grant && this.#age(known) < BELIEVED_MILLISECONDS) return known.grant;
      throw unreachable(failure);
    }
    // An answer from before a write may be about what was before it.
    known.confirmedAt = writes === this.#writes ? asked : -Infinity;
    return this.#take(known, answer);
  }

  #take(known: Known, answer: identityV1.Credential): Grant | undefined {
    const { tenant, id, digest, grant: before } = known;
    if (answer.state === 'unknown') {
      before?.revoke(this.#now);
      this.#known.delete(digest);
      return undefined;
    }
    const next = grantOf(tenant, id, answer);
    if (answer.state !== 'valid') next.revoke(this.#now);
    if (!before || !isSame(before, next)) {
      // Rights are those of now: what goes on under others has to begin anew.
      before?.revoke(this.#now);
      known.grant = next;
    }
    this.#known.set(digest, known);
    return known.grant;
  }

  get #now(): string {
    return this.clock.now().toISOString();
  }
}

const grantOf = (tenant: string, id: string, { name, userId, roles, permissions }: identityV1.Credential): Grant => {
  const actor: Principal['actor'] = { kind: 'apiKey', id, ...(userId && { onBehalfOf: userId }) };
  return new Grant({ id, name, principal: { tenant, actor, roles, permissions }, permissions: new Set(permissions) });
};

const isSame = (one: Grant, other: Grant): boolean =>
  one.name === other.name &&
  (one.revokedAt === undefined) === (other.revokedAt === undefined) &&
  JSON.stringify(one.principal) === JSON.stringify(other.principal);

const callOf = (tenant: string): CallContext => ({
  principal: { tenant, actor: { kind: 'system', id: 'gateway' }, roles: [GATEWAY] },
  correlationId: newId(),
  answer: {},
});

const unreachable = (cause: unknown): DomainError => {
  const message = 'Who comes with this key cannot be asked at the moment. Send the request again.';
  return new DomainError('unavailable', 'identity-unreachable', message, { retryAfterSeconds: 1, cause });
};
