import { partsOf, prefixOf, streamName } from '@rapport/event-store';
import type { Position, RecordedEvent } from '@rapport/kernel';
import { pause } from '@rapport/processing';
import type { ServiceRuntime } from '../service/service-runtime.js';
import { WorkspaceExports } from '../workspace/workspace-exports.js';
import { neighboursForgetting } from './erasure-facts.js';
import type { ErasurePart, PersonForgotten } from './erasure.events.js';
import { SealedTally } from './sealed-tally.js';
import { takenAlong } from './taken-along.js';

const LOOK_AGAIN_MILLISECONDS = 50;

/** Files that people came in with. */
export interface FilesAboutPeople {
  /** Ids of those that name a record, by what was known at a position. */
  importsNaming(tenant: string, id: string, upTo: Position): Promise<Iterable<string>>;
  forgetFile(tenant: string, id: string): Promise<void>;
}

/** What a context does because a person was erased, here or elsewhere. Repeatable, as a whole and step by step. */
export class Part {
  private readonly tally: SealedTally;

  constructor(
    /** That people of this context are. */
    private readonly aggregates: readonly string[],
    private readonly runtime: ServiceRuntime,
    private readonly files: FilesAboutPeople,
  ) {
    const { definition, engines } = runtime;
    const { listens = {}, personal } = definition;
    const forgotten = [prefixOf('erasure'), ...neighboursForgetting(definition).map(({ prefix }) => prefix)];
    this.tally = new SealedTally({ events: engines.events, personal, listens, forgotten });
  }

  async destroyKeys(tenant: string, ids: readonly string[], at: string): Promise<void> {
    for (const id of ids) await this.runtime.engines.keys.destroy({ tenant, id }, at);
  }

  /** Imports that changed a record, and those that met it and had nothing to change. */
  async forgetFiles(tenant: string, ids: readonly string[], upTo: Position): Promise<readonly string[]> {
    const files = new Set<string>();
    for (const id of ids) {
      for (const file of await this.files.importsNaming(tenant, id, upTo)) files.add(file);
      for (const aggregate of this.aggregates)
        for await (const { metadata } of this.runtime.engines.events.read(streamName(aggregate, tenant, id)))
          if (metadata.actor.kind === 'import') files.add(metadata.actor.id);
    }
    for (const file of files) await this.files.forgetFile(tenant, file);
    return [...files];
  }

  /** Waits for every read model, also for those being built, and purges what they said. Undefined when it was broken off. */
  async finish(
    event: RecordedEvent<PersonForgotten>,
    files: readonly string[] | undefined,
    signal: AbortSignal,
  ): Promise<ErasurePart | undefined> {
    const { allProjections, definition, engines } = this.runtime;
    // Everybody is in them.
    const archives = await new WorkspaceExports(this.runtime.provided).expireAll(event, signal);
    for (const projection of allProjections) {
      while (!(await projection.hasPassed(event.position))) {
        await pause(LOOK_AGAIN_MILLISECONDS, signal);
        if (signal.aborted) return undefined;
      }
    }
    await engines.readModels.purge();
    const { tenant } = partsOf(event.stream);
    const { ids, files: named = [] } = event.data;
    const keys = await engines.keys.findMany(ids.map((id) => ({ tenant, id })));
    const about = [...new Set([...ids, ...named, ...(files ?? [])])];
    return {
      ...{ context: definition.context, state: 'done', doneAt: engines.clock.now().toISOString() },
      keys: keys.filter((key) => key === 'destroyed').length,
      facts: await this.tally.of(event, signal),
      ...(files && { files: files.length + archives }),
      views: allProjections.length,
      ...(await takenAlong(this.runtime, tenant, about)),
    };
  }
}
