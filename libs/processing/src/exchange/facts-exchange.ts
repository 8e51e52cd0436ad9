import { prefixOf } from '@rapport/event-store';
import type { RecordedEvent } from '@rapport/kernel';
import { untilDone } from '../backoff.js';
import { type Checkpoint, checkpointBeside } from '../checkpoint.js';
import { refuseFactsBehind } from '../facts-behind.js';
import { Follower } from '../follower.js';
import { OwnedFollower } from '../owned-follower.js';
import { Progress } from '../progress.js';
import { markerOf, toCloudEvent } from '../publishing.js';
import { digestOf } from './bus-exchange.js';
import {
  listenerName,
  type Exchange,
  type Listener,
  type Listening,
  type Publication,
  type Source,
} from './exchange.js';
import { externalEvent, type ExternalEvent } from './external-event.js';

const CAUGHT_UP_WITHIN_MILLISECONDS = 60_000;
/** Events of a stream that are heard at once when it is heard again. */
const AT_ONCE = 100;

/**
 * Contexts in one process: whoever listens follows the source's own facts, so that no second copy travels. To publish a context
 * before its service runs is to let others hear what it has stored already.
 */
export class FactsExchange implements Exchange {
  private readonly sources = new Map<string, Source>();
  private readonly listeners = new Set<FactsListener>();

  publish(source: Source): Publication {
    const { context } = source.publishing;
    this.sources.set(context, source);
    for (const listener of this.listeners) listener.hearFrom(source);
    return {
      relay: undefined,
      reach: async () => undefined,
      again: async (stream) => this.again(source, stream),
    };
  }

  listen(listening: Listening): Listener {
    const listener = new FactsListener(listening, () => this.listeners.delete(listener));
    const source = this.sources.get(listening.from);
    if (source) listener.hearFrom(source);
    this.listeners.add(listener);
    return listener;
  }

  private async again(source: Source, stream: string): Promise<number> {
    let events: RecordedEvent[] = [];
    let heard = 0;
    const hear = async (): Promise<void> => {
      for (const listener of this.listeners) await listener.hear(source, events);
      heard += events.length;
      events = [];
    };
    for await (const event of source.sealedEvents.read(stream)) {
      if (events.push(event) === AT_ONCE) await hear();
    }
    await hear();
    return heard;
  }
}

class FactsListener implements Listener {
  readonly progress: Progress;
  readonly lease: string;
  private source: Source | undefined;
  private begun = false;
  private following: OwnedFollower | undefined;
  private readonly stopping = new AbortController();

  constructor(
    private readonly listening: Listening,
    private readonly stopped: () => void,
  ) {
    this.lease = listenerName(listening.from);
    this.progress = new Progress(this.lease);
  }

  /** The source is there: at the start, or later. */
  hearFrom(source: Source): void {
    if (this.source || source.publishing.context !== this.listening.from) return;
    this.source = source;
    this.follow();
  }

  /** @throws DomainError `facts-behind` where the source ends before what was heard of it */
  async start(): Promise<void> {
    if (this.source) await this.refuseFactsBehind(this.source);
    this.begun = true;
    this.follow();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.following?.stop();
    this.progress.stopped();
    this.stopped();
  }

  async caughtUp(): Promise<void> {
    // Whoever is not there has nothing to say.
    if (!this.source) return;
    await this.progress.reach(await this.source.sealedEvents.end(), CAUGHT_UP_WITHIN_MILLISECONDS);
  }

  /** What the source has to say, as far as it is listened to. */
  async hear({ publishing, epoch }: Source, events: readonly RecordedEvent[]): Promise<void> {
    const { from, aggregates, inbox } = this.listening;
    if (publishing.context !== from) return;
    const prefixes = aggregates.map(prefixOf);
    const current = await epoch();
    const external: ExternalEvent[] = [];
    for (const event of events) {
      if (!prefixes.some((prefix) => event.stream.startsWith(prefix))) continue;
      const cloudEvent = toCloudEvent(publishing, event) ?? markerOf(publishing, event);
      const { schemaVersion: version, traceparent } = event.metadata;
      external.push(externalEvent(cloudEvent, { version, epoch: current, traceparent }));
    }
    await inbox.take(external);
  }

  private follow(): void {
    const { source, stopping, listening } = this;
    if (!this.begun || !source) return;
    const { signal } = stopping;
    const trouble = (failure: unknown, attempt: number): void => listening.trouble?.(this.lease, failure, attempt);
    untilDone(() => this.followNow(source), signal, trouble).catch(() => undefined);
  }

  private async followNow(source: Source): Promise<void> {
    const { aggregates, ownership, trouble } = this.listening;
    const definition = {
      name: this.lease,
      prefixes: aggregates.map(prefixOf),
      checkpoint: await this.checkpointAt(source),
      // What is heard again is put in its place again: the checkpoint may lag.
      handle: async ({ events }: { readonly events: readonly RecordedEvent[] }) => {
        await this.hear(source, events);
        return 'nothing' as const;
      },
      trouble,
    };
    if (this.stopping.signal.aborted) return;
    this.following = new OwnedFollower(ownership, new Follower(source.sealedEvents, definition, this.progress));
    this.following.start();
  }

  private async refuseFactsBehind(source: Source): Promise<void> {
    const position = await (await this.checkpointAt(source)).load();
    const follower = `${this.listening.context} (${this.lease})`;
    await refuseFactsBehind(this.listening.from, source.sealedEvents, [{ follower, position }]);
  }

  /** A raised epoch is another checkpoint: everything is heard anew under it. */
  private async checkpointAt(source: Source): Promise<Checkpoint> {
    const { aggregates, books } = this.listening;
    const epoch = await source.epoch();
    const under = epoch > 0 ? `#${epoch}` : '';
    return checkpointBeside(books, `${this.lease}.${digestOf(aggregates)}${under}`);
  }
}
