import { type ControlServer, startControl } from './faults/control-server.js';
import type { Faults } from './faults/faults.js';
import type { DoubleOptions } from './options.js';
import { DoubleServer } from './server/server.js';

/** A running server, in this process or in its own. */
export interface Double {
  /** Connection string for the client; a restart does not change it. */
  readonly url: string;
  /** Address of the HTTP server that takes the fault switches. */
  readonly control: string;
  readonly faults: Faults;
  /** Ends calls, makes durable what was written, frees the port. */
  stop(): Promise<void>;
  /** Ends it as `kill -9` does; in this process that is no more than `stop`. */
  kill(): Promise<void>;
  /**
   * Starts it again, after `stop`, `kill` or neither, with the same ports and data folder and without faults; without a
   * data folder it is empty again.
   */
  restart(): Promise<void>;
}

/** Starts it in this process. */
export const startDouble = async (options: DoubleOptions = {}): Promise<Double> => {
  let server = await DoubleServer.start(options);
  let control: ControlServer = await startControl(server.faults, options.controlPort ?? 0);
  const { host, port } = server;
  const { url } = control;
  let running = true;
  const stop = async (): Promise<void> => {
    if (!running) return;
    running = false;
    await Promise.all([control.stop(), server.stop()]);
  };
  return {
    url: `esdb://${host}:${port}?tls=false`,
    control: url,
    get faults() {
      return server.faults;
    },
    stop,
    kill: stop,
    async restart() {
      await stop();
      server = await DoubleServer.start({ ...options, host, port });
      control = await startControl(server.faults, Number(new URL(url).port));
      running = true;
    },
  };
};
