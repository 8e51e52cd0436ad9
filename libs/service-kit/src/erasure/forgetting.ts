import { partsOf } from '@rapport/event-store';
import { type Erased, START, type Position, type RecordedEvent } from '@rapport/kernel';
import { pause } from '@rapport/processing';
import type { ServiceRuntime } from '../service/service-runtime.js';
import { erasedIds } from './erasure-facts.js';
import type { ErasureLog } from './erasure-log.js';
import type { Part } from './part.js';

/** What follows from the fact that a person was erased. Repeatable: a crash in the middle is followed by the whole again. */
export class Forgetting {
  /** Keys of everybody who was erased up to here have been gone for longer than any process keeps one in memory. */
  private goneUpTo: Position = START;

  constructor(
    private readonly runtime: ServiceRuntime,
    private readonly part: Part,
    private readonly log: ErasureLog,
  ) {}

  /**
   * The keys first, then the files that the person came in with, then one lifetime of keys in the memory of processes; only
   * then others are told to forget. False when it was broken off.
   */
  async forget(event: RecordedEvent, signal: AbortSignal): Promise<boolean> {
    const { tenant, id } = partsOf(event.stream);
    const ids = erasedIds(event);
    await this.part.destroyKeys(tenant, ids, event.metadata.occurredAt);
    const files = await this.part.forgetFiles(tenant, ids, event.position);
    if (!(await this.areGone(event.position, signal))) return false;
    await this.log.step((event.data as Erased).receiptId, 'forget', { id, ids, files }, event);
    return true;
  }

  /** Whoever else was erased meanwhile is waited for together with this one. */
  private async areGone(position: Position, signal: AbortSignal): Promise<boolean> {
    const { lifetime } = this.runtime.engines.keys;
    if (lifetime === 0 || position <= this.goneUpTo) return true;
    const gone = await this.runtime.erasures.applyFrom(position);
    await pause(lifetime, signal);
    if (signal.aborted) return false;
    this.goneUpTo = gone;
    return true;
  }
}
