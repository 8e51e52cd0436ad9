import type { Api } from '../workplace/api.js';

/** A process as the tables name it. */
export interface NamedProcess {
  readonly name: string;
  readonly pid: number;
}

/** One of the assemblies that are compared: how a client reaches it, and what it consists of. */
export interface Side {
  readonly name: string;
  readonly api: Api;
  /** Of its API. */
  readonly port: number;
  readonly processes: readonly NamedProcess[];
}
