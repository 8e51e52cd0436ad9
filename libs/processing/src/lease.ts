import type { Position } from '@rapport/kernel';
import type { CollectionDeclaration, Document } from '@rapport/read-models';

/** Who owns something; `id` is what. Every change, also a mere renewal, is a new version: its position. */
export interface Lease extends Document {
  readonly owner: string;
  /** One process's life: the same owner started again is somebody else. */
  readonly session: string;
  readonly term: number;
  /** False once it was given up. */
  readonly held: boolean;
  /** Counts one session's writes, so that it can tell which of them went through. */
  readonly beat: number;
  readonly failure?: string;
}

export const leases: CollectionDeclaration<Lease> = { name: 'leases', fields: {}, indexes: [] };

/** Leases belong to no tenant. */
export const LEASE_TENANT = '_';

/** A lease as it was last loaded. */
export interface SeenLease {
  /** Undefined while nobody has ever had it. */
  readonly lease: Lease | undefined;
  readonly version: Position;
  /** When this version was first seen, by this process's clock. */
  readonly since: number;
}

/** All that follows from how long a lease is good for. */
export interface LeaseTimes {
  /** An unchanged lease may be taken over after so long. */
  readonly ttl: number;
  /** An owner that could not renew for so long has lost it: clocks may differ in speed by a third. */
  readonly validity: number;
  readonly renewal: number;
  readonly poll: number;
  /** So much longer a contender waits for each lease that it owns already, that others may get their share. */
  readonly modesty: number;
  /** How long one that gave up by itself leaves the lease to others. */
  readonly rest: number;
}

export const leaseTimes = (ttl: number): LeaseTimes => ({
  ttl,
  validity: (ttl * 2) / 3,
  renewal: ttl / 4,
  poll: ttl / 25,
  modesty: ttl / 50,
  rest: ttl / 5,
});
