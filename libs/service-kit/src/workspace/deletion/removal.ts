import { BROKEN_RECORDS, PARKED_EVENTS, pause } from '@rapport/processing';
import { partsOf } from '@rapport/event-store';
import type { RecordedEvent } from '@rapport/kernel';
import type { ServiceRuntime } from '../../service/service-runtime.js';
import { DELETION, type DeletionState } from './deletion.js';
import type { DeletionPart } from './deletion.events.js';

const LOOK_AGAIN_MILLISECONDS = 50;

/** Lists in a context's books that are about a workspace's records. */
const LISTS = [PARKED_EVENTS, BROKEN_RECORDS];

/**
 * What a context does because a workspace is deleted. The keys first, so that nothing is read or stored of it any more in any process;
 * once those who were still at it are through, everything else. Repeatable, as a whole and step by step.
 */
export class Removal {
  constructor(private readonly runtime: ServiceRuntime) {}

  /**
   * Undefined when it was broken off.
   * @param released the event that tells of it
   * @param state what was found before, which says how much there was, however often this is begun anew
   */
  async carryOut(
    released: RecordedEvent,
    state: DeletionState,
    signal: AbortSignal,
  ): Promise<{ readonly part: DeletionPart; readonly keys: number } | undefined> {
    const { tenant } = partsOf(released.stream);
    const { definition, engines } = this.runtime;
    const { keys } = await engines.keys.destroyTenant(tenant, released.metadata.occurredAt);
    await pause(engines.keys.lifetime, signal);
    if (signal.aborted || !(await this.areThrough(signal))) return undefined;
    const documents = await engines.readModels.removeTenant(tenant);
    await engines.readModels.purge();
    await this.strike(tenant);
    const files = await engines.files.removeTenant(tenant);
    const { events, streams } = await engines.events.removeTenant(tenant, [DELETION]);
    const { found, trail } = lastCheck(state, definition.context) ?? {};
    const part: DeletionPart = {
      ...{ context: definition.context, doneAt: engines.clock.now().toISOString() },
      ...(found ?? { events, streams, documents }),
      files,
      ...(trail && { trail }),
    };
    return { part, keys };
  }

  /** Whoever had read something of it before its keys were gone has written what follows from that, or never will. */
  private async areThrough(signal: AbortSignal): Promise<boolean> {
    const end = await this.runtime.engines.events.end();
    for (const projection of this.runtime.allProjections) {
      while (!(await projection.hasPassed(end))) {
        await pause(LOOK_AGAIN_MILLISECONDS, signal);
        if (signal.aborted) return false;
      }
    }
    return true;
  }

  private async strike(tenant: string): Promise<void> {
    const { books } = this.runtime.engines;
    for (const list of LISTS)
      for (const { id } of await books.entries(list, tenant)) await books.change(list, { tenant, id }, () => undefined);
  }
}

const lastCheck = (state: DeletionState, own: string) =>
  state?.checks.findLast(({ context, found }) => context === own && found !== undefined);
