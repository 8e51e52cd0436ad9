import { type KnownAggregate, VersionedEventStore } from '@rapport/event-store';
import {
  Inbox,
  pause,
  raisedEpoch,
  type Listener,
  type Publication,
  type Source,
  type Trouble,
} from '@rapport/processing';
import { timerCatalogue } from '@rapport/timers';
import type { Engines } from '../engines.js';
import { unchangedCatalogue } from '../commands/unchanged.js';
import { hearingDeletions, withDeletions } from '../workspace/deletion/deletion-facts.js';
import { commandCatalogue, heardBy, withAnswers } from './service-commands.js';
import type { ServiceDefinition } from './service-definition.js';

/** How soon a process learns of an epoch that only others have heard of. */
const BETWEEN_LOOKS_MILLISECONDS = 10_000;

/** A start waits so long for what others have let be heard meanwhile. */
const FIRST_HEARING_MILLISECONDS = 5_000;

/** Everything that a service stores: what it declares, its timers, what it asks and is asked, and which commands changed nothing. */
export const catalogueOf = (definition: ServiceDefinition): readonly KnownAggregate[] => [
  ...definition.catalogue,
  ...commandCatalogue(definition),
  timerCatalogue,
  unchangedCatalogue,
];

/** What others may hear of a service: its events in their versions of today, personal fields as they are on the disk. */
export const sourceOf = (definition: ServiceDefinition, engines: Engines, trouble?: Trouble): Source => {
  const { aggregates, context } = definition;
  const { books, epoch: wanted = 0, events, ownership } = engines;
  const sealedEvents = new VersionedEventStore(events, catalogueOf(definition));
  let epoch: Promise<number> | undefined;
  const raised = (): Promise<number> => {
    epoch ??= raisedEpoch(books, context, wanted);
    epoch.catch(() => (epoch = undefined));
    return epoch;
  };
  const source = { publishing: definition, aggregates, sealedEvents, books, ownership, epoch: raised };
  return withDeletions(withAnswers(trouble ? { ...source, trouble } : source, definition));
};

/** What a service hears of other contexts, and lets them hear. */
export class Neighbours {
  readonly inbox: Inbox;
  readonly publication: Publication;
  readonly listeners: readonly Listener[];
  private readonly stopping = new AbortController();
  private looking: Promise<void> | undefined;

  constructor(definition: ServiceDefinition, engines: Engines, source: Source) {
    const { context } = definition;
    const { books, epoch, ownership, trouble } = source;
    this.inbox = new Inbox(engines.events, books);
    this.publication = engines.exchange.publish(source);
    this.listeners = Object.entries(hearingDeletions(context, heardBy(definition))).map(([from, aggregates]) =>
      engines.exchange.listen({ context, from, aggregates, inbox: this.inbox, books, ownership, epoch, trouble }),
    );
  }

  /** Resolves once everything is heard that could be, or a moment later: views that are built now are best built of all of it. */
  async start(): Promise<void> {
    this.publication.relay?.start();
    await Promise.all(this.listeners.map((listener) => listener.start()));
    if (this.listeners.length === 0) return;
    this.looking = this.look();
    const enough = new AbortController();
    const heard = this.caughtUp().catch(() => undefined);
    await Promise.race([heard, pause(FIRST_HEARING_MILLISECONDS, enough.signal)]);
    enough.abort();
  }

  /** Finishes what is in hand. */
  async stop(): Promise<void> {
    this.stopping.abort();
    const { relay } = this.publication;
    await Promise.all([...this.listeners, ...(relay ? [relay] : [])].map((part) => part.stop()));
    await this.looking;
  }

  /** Resolves once everything that others let be heard before the call is in the inbox. */
  async caughtUp(): Promise<void> {
    await Promise.all(this.listeners.map((listener) => listener.caughtUp()));
  }

  private async look(): Promise<void> {
    const { signal } = this.stopping;
    for (;;) {
      await pause(BETWEEN_LOOKS_MILLISECONDS, signal);
      if (signal.aborted) return;
      // Whoever cannot look now looks again soon.
      await this.inbox.epochs.refresh().catch(() => undefined);
    }
  }
}
