import { partsOf, streamName } from '@rapport/event-store';
import { type Erased, START, type Position, type RecordedEvent } from '@rapport/kernel';
import { pause } from '@rapport/processing';
import type { ServiceRuntime } from '../service/service-runtime.js';
import { erasedIds } from './erasure-facts.js';
import type { ErasureLog } from './erasure-log.js';

/** Files that people came in with. */
export interface FilesAboutPeople {
  /** Ids of those that name a record, by what was known at a position. */
  importsNaming(tenant: string, id: string, upTo: Position): Promise<Iterable<string>>;
  forgetFile(tenant: string, id: string): Promise<void>;
}

/** What follows from the fact that a person was erased. Repeatable: a crash in the middle is followed by the whole again. */
export class Forgetting {
  /** Keys of everybody who was erased up to here have been gone for longer than any process keeps one in memory. */
  private goneUpTo: Position = START;

  constructor(
    private readonly aggregate: string,
    private readonly runtime: ServiceRuntime,
    private readonly files: FilesAboutPeople,
    private readonly log: ErasureLog,
  ) {}

  /**
   * The keys first, then the files that the person came in with, then one lifetime of keys in the memory of processes; only
   * then others are told to forget. False when it was broken off.
   */
  async forget(event: RecordedEvent, signal: AbortSignal): Promise<boolean> {
    const { tenant, id } = partsOf(event.stream);
    const ids = erasedIds(event);
    const { keys } = this.runtime.engines;
    for (const each of ids) await keys.destroy({ tenant, id: each }, event.metadata.occurredAt);
    for (const each of ids) await this.forgetFiles(tenant, each, event.position);
    if (!(await this.areGone(event.position, signal))) return false;
    await this.log.step((event.data as Erased).receiptId, 'forget', { id, ids }, event);
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

  /** Imports that changed the record, and those that met it and had nothing to change. */
  private async forgetFiles(tenant: string, id: string, upTo: Position): Promise<void> {
    const files = new Set(await this.files.importsNaming(tenant, id, upTo));
    for await (const { metadata } of this.runtime.engines.events.read(streamName(this.aggregate, tenant, id))) {
      if (metadata.actor.kind === 'import') files.add(metadata.actor.id);
    }
    for (const file of files) await this.files.forgetFile(tenant, file);
  }
}
