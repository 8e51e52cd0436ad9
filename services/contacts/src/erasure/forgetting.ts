import { Inject, Injectable } from '@nestjs/common';
import { partsOf, streamName } from '@rapport/event-store';
import type { RecordedEvent } from '@rapport/kernel';
import { IMPORT_ENGINE, type ImportEngine } from '@rapport/imports';
import { ENGINES, RUNTIME, type Engines, type ServiceRuntime } from '@rapport/service-kit';

/** What follows from the fact that a person was erased. Repeatable: a crash in the middle is followed by the whole again. */
@Injectable()
export class Forgetting {
  constructor(
    @Inject(ENGINES) private readonly engines: Engines,
    @Inject(RUNTIME) private readonly runtime: ServiceRuntime,
    @Inject(IMPORT_ENGINE) private readonly imports: ImportEngine,
  ) {}

  /** The key first, then the files that the person came in with, then what was derived, then the remains on the disk. */
  async forget({ stream, metadata }: RecordedEvent): Promise<void> {
    const { tenant, id } = partsOf(stream);
    await this.engines.keys.destroy({ tenant, id }, metadata.occurredAt);
    for (const file of await this.filesAbout(tenant, id)) await this.imports.forgetFile(tenant, file);
    await this.runtime.viewsCaughtUp();
    await this.engines.readModels.purge();
  }

  /** Imports that changed the record, and those that met it and had nothing to change. */
  private async filesAbout(tenant: string, id: string): Promise<ReadonlySet<string>> {
    const files = new Set(await this.imports.importsNaming(tenant, 'contacts', id));
    for await (const { metadata } of this.engines.events.read(streamName('contact', tenant, id))) {
      if (metadata.actor.kind === 'import') files.add(metadata.actor.id);
    }
    return files;
  }
}
