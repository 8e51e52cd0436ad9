import { Inject, Injectable } from '@nestjs/common';
import { partsOf } from '@rapport/event-store';
import { START, type Position, type RecordedEvent } from '@rapport/kernel';
import { IMPORT_ENGINE, type ImportEngine } from '@rapport/imports';
import { pause } from '@rapport/processing';
import { ENGINES, RUNTIME, type Engines, type ServiceRuntime } from '@rapport/service-kit';
import type { ContactErased } from '../domain/contact/contact.events.js';
import { erasedIds } from './erasure-facts.js';
import { ErasureLog } from './erasure-log.js';

/** What follows from the fact that a person was erased. Repeatable: a crash in the middle is followed by the whole again. */
@Injectable()
export class Forgetting {
  /** Keys of everybody who was erased up to here have been gone for longer than any process keeps one in memory. */
  private goneUpTo: Position = START;

  constructor(
    @Inject(ENGINES) private readonly engines: Engines,
    @Inject(RUNTIME) private readonly runtime: ServiceRuntime,
    @Inject(IMPORT_ENGINE) private readonly imports: ImportEngine,
    private readonly log: ErasureLog,
  ) {}

  /**
   * The keys first, then the files that the person came in with, then one lifetime of keys in the memory of processes; only
   * then others are told to forget. False when it was broken off.
   */
  async forget(event: RecordedEvent<ContactErased>, signal: AbortSignal): Promise<boolean> {
    const { tenant, id } = partsOf(event.stream);
    const ids = erasedIds(event);
    const { keys } = this.engines;
    for (const each of ids) await keys.destroy({ tenant, id: each }, event.metadata.occurredAt);
    for (const each of ids) await this.forgetFiles(tenant, each, event.position);
    if (!(await this.areGone(event.position, signal))) return false;
    await this.log.step(event.data.receiptId, 'forget', { contactId: id, ids }, event);
    return true;
  }

  /** Whoever else was erased meanwhile is waited for together with this one. */
  private async areGone(position: Position, signal: AbortSignal): Promise<boolean> {
    const { lifetime } = this.engines.keys;
    if (lifetime === 0 || position <= this.goneUpTo) return true;
    const gone = await this.runtime.erasures.applyFrom(position);
    await pause(lifetime, signal);
    if (signal.aborted) return false;
    this.goneUpTo = gone;
    return true;
  }

  /** Imports that changed the record, and those that met it and had nothing to change. */
  private async forgetFiles(tenant: string, id: string, upTo: Position): Promise<void> {
    const files = new Set(await this.imports.importsNaming(tenant, id, upTo));
    for await (const { metadata } of this.engines.events.read(`contact-${tenant}-${id}`)) {
      if (metadata.actor.kind === 'import') files.add(metadata.actor.id);
    }
    for (const file of files) await this.imports.forgetFile(tenant, file);
  }
}
