import { fileURLToPath } from 'node:url';
import type { StartedEngine, StartOptions } from '../engine.js';
import { dataFolder } from '../local/data-folder.js';
import { freePort } from '../local/free-port.js';
import { LocalEngine } from '../local/local-engine.js';
import { probeEventStore } from './probe-event-store.js';

/** Built: the process must not depend on what this one was started with. */
const DOUBLE = fileURLToPath(new URL('../../../eventstoredb-double/dist/main.js', import.meta.url));

/** The release that it behaves as unless `RAPPORT_EVENTSTOREDB_AS` names another. */
const RELEASE = '26.0';

/**
 * A server that behaves towards the client as EventStoreDB does, on the loopback: the real one is in no registry. Its
 * `faults` is the address of its fault switches.
 * @throws DomainError `unavailable` when it does not start.
 */
export const startEventStore = async (options: StartOptions = {}): Promise<StartedEngine> => {
  const as = process.env['RAPPORT_EVENTSTOREDB_AS'] ?? RELEASE;
  const data = dataFolder('eventstoredb', options.data);
  const [port, controlPort] = [options.port ?? (await freePort()), await freePort()];
  const settings = { port, 'control-port': controlPort, data: data.path, as };
  const args = Object.entries(settings).map(([name, value]) => `--${name}=${value}`);
  return LocalEngine.start({
    name: 'eventstoredb',
    address: `esdb://127.0.0.1:${port}?tls=false`,
    version: `double of EventStoreDB ${as}`,
    faults: `http://127.0.0.1:${controlPort}`,
    command: { program: process.execPath, args: [DOUBLE, ...args, '--attached'] },
    probe: probeEventStore,
    data,
  });
};
