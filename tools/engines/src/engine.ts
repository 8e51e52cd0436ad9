/** The engines of the distributed assembly. */
export const engineNames = ['kafka', 'mongodb', 'eventstoredb'] as const;
export type EngineName = (typeof engineNames)[number];

/** Who started it: somebody else, who gave its address; we in Docker; or we as a process of this machine. */
export type EngineSource = 'environment' | 'docker' | 'local';

/** An engine that answers. */
export interface Engine {
  readonly name: EngineName;
  /** `host:port` of Kafka, several separated by commas; a connection string of the others. */
  readonly address: string;
  /** What it says of itself, for people to read. */
  readonly version: string;
  readonly source: EngineSource;
  /** Address of the fault switches, which only the double of EventStoreDB has. */
  readonly faults?: string | undefined;
}

/** One that we started, so that we may stop it too. Address and data stay the same from start to start. */
export interface StartedEngine extends Engine {
  readonly source: 'docker' | 'local';
  /** Of its process; undefined while it is stopped. */
  readonly pid: number | undefined;
  /** Resolves once it answers. */
  start(): Promise<void>;
  /** In order: what was acknowledged is kept. Does nothing when it is stopped already. */
  stop(): Promise<void>;
  restart(): Promise<void>;
  /** `kill -9`. */
  kill(): Promise<void>;
  /** Memory that it has now, in MiB; undefined while it is stopped and where the system does not tell. */
  memory(): Promise<number | undefined>;
  /** Stops it for good and removes its data, unless they lie in a folder that was given. */
  close(): Promise<void>;
}

/** Where a started engine listens and keeps its data. */
export interface StartOptions {
  /** A free one otherwise. */
  readonly port?: number;
  /** A folder that stays; a temporary one, which {@link StartedEngine.close} removes, otherwise. */
  readonly data?: string;
}
