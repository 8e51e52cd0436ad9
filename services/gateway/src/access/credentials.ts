import type { identityV1 } from '@rapport/contracts';
import { type Clock, DomainError, instantOf, type Policy, type Principal } from '@rapport/kernel';
import type { Backend } from '@rapport/service-kit';
import { callOfGateway } from './call-of-gateway.js';
import { Grant } from './grant.js';
import { type Identified, identified } from './identified.js';

export const CREDENTIALS = 'rapport.identity.v1.CredentialsService';

/** What is known of a key is asked for again after so long. */
const FRESH_MILLISECONDS = 5_000;
/** Without an answer from identity nobody is believed for longer than this. */
const BELIEVED_MILLISECONDS = 10_000;
/** Keys that are remembered; then everything is asked for anew. */
const REMEMBERED = 10_000;

interface Known extends Identified {
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
  /** By the secret itself, to spare a digest per request. */
  readonly #said = new Map<string, Identified>();
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
    const said = this.#said.get(secret) ?? identified(secret);
    if (said.kind === 'link' || !this.identity) return undefined;
    let known = this.#known.get(said.digest);
    if (known && this.#age(known) < FRESH_MILLISECONDS) return known.grant;
    if (!known) {
      if (this.#known.size >= REMEMBERED) this.#makeRoom();
      known = { ...said, grant: undefined, confirmedAt: -Infinity, confirming: undefined };
    }
    const grant = await this.#confirm(known);
    if (grant) this.#said.set(secret, said);
    return grant;
  }

  /** One that was found before, by whoever comes with it: a key, or a user. */
  get(tenant: string, id: string): Grant | undefined {
    const isOne = ({ grant }: Known): boolean => grant?.principal.tenant === tenant && grant.principal.actor.id === id;
    return [...this.#known.values()].find(isOne)?.grant;
  }

  /** Who a user would be who came in now. @throws DomainError not-found; unavailable while identity cannot be asked */
  async principalOf(tenant: string, userId: string): Promise<Principal> {
    const call = callOfGateway(tenant);
    const request: identityV1.ResolveUserRequest = { userId };
    const answer = (await this.identity?.invoke(CREDENTIALS, 'resolveUser', request, call)) as
      identityV1.Credential | undefined;
    if (answer?.state !== 'valid')
      throw new DomainError(
        'not-found',
        'user-not-found',
        `There is no user ${userId} who may come in. Check the id, or activate the user.`,
      );
    const { roles, permissions } = answer;
    return { tenant, actor: { kind: 'user', id: userId }, roles, permissions, policy: answer.policy as Policy };
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
    this.#said.clear();
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
      const { id, digest, tenant } = known;
      const kind = known.kind === 'session' ? 'session' : 'apiKey';
      const request: identityV1.ResolveRequest = { id, digest, kind };
      answer = (await this.identity!.invoke(CREDENTIALS, 'resolve', request, callOfGateway(tenant))) as never;
    } catch (failure) {
      if (known.grant && this.#age(known) < BELIEVED_MILLISECONDS) return known.grant;
      throw unreachable(failure);
    }
    // An answer from before a write may be about what was before it.
    known.confirmedAt = writes === this.#writes ? asked : -Infinity;
    return this.#take(known, answer);
  }

  #take(known: Known, answer: identityV1.Credential): Grant | undefined {
    const { digest, grant: before } = known;
    if (answer.state === 'unknown') {
      before?.revoke(this.#now);
      this.#known.delete(digest);
      return undefined;
    }
    const next = grantOf(known, answer);
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

const grantOf = ({ kind }: Identified, answer: identityV1.Credential): Grant => {
  const { tenant, id, name } = answer;
  const expires = answer.expiresAt === undefined ? undefined : instantOf(answer.expiresAt).getTime();
  const signedInAt = answer.signedInAt === undefined ? undefined : instantOf(answer.signedInAt).getTime();
  const principal = { tenant, actor: actorOf(kind, answer), ...rightsIn(answer) };
  return new Grant({ id, name, principal, permissions: new Set(answer.permissions), expires, signedInAt });
};

const actorOf = (kind: Identified['kind'], { id, userId }: identityV1.Credential): Principal['actor'] =>
  kind === 'session' ? { kind: 'user', id: userId } : { kind: 'apiKey', id, ...(userId && { onBehalfOf: userId }) };

/** What is nobody's has roles alone: contexts know what those may do. */
const rightsIn = ({ userId, roles, permissions, policy }: identityV1.Credential) =>
  userId === '' ? { roles } : { roles, permissions, ...(policy && { policy: policy as Policy }) };

const isSame = (one: Grant, other: Grant): boolean =>
  one.name === other.name &&
  (one.revokedAt === undefined) === (other.revokedAt === undefined) &&
  JSON.stringify(one.principal) === JSON.stringify(other.principal);

const unreachable = (cause: unknown): DomainError => {
  const message = 'Who comes with this key cannot be asked at the moment. Send the request again.';
  return new DomainError('unavailable', 'identity-unreachable', message, { retryAfterSeconds: 1, cause });
};
