import { DomainError } from '@rapport/kernel';
import type { Message, MessageBus, Subscription } from '@rapport/message-bus';
import { ATTRIBUTES, meter, METRICS, SPANS, tracer, withRemoteParent } from '@rapport/observability';
import { untilDone } from '../backoff.js';
import { SEQUENCE_HEADER } from '../cloud-event.js';
import { Progress } from '../progress.js';
import { topicOf } from '../publishing.js';
import { aggregateIn, eventIn } from './event-message.js';
import { groupUnder } from './epochs.js';
import { listenerName, type Listener, type Listening } from './exchange.js';
import type { ExternalEvent } from './external-event.js';

const consumed = meter.counter(METRICS.consumed);

/**
 * Listens on the bus. Whatever fails is tried again for as long as it takes, since what is passed over is lost: an engine that is
 * away is waited for, and nothing is ever parked.
 */
export class BusListener implements Listener {
  readonly progress: Progress;
  /** Every process has its share of the group. */
  readonly lease = undefined;
  private subscription: Subscription | undefined;
  private readonly aggregates: ReadonlySet<string>;
  private readonly gathered: Gathered[] = [];

  constructor(
    private readonly bus: MessageBus,
    private group: string,
    private readonly listening: Listening,
  ) {
    this.progress = new Progress(listenerName(listening.from));
    this.aggregates = new Set(listening.aggregates);
  }

  async start(): Promise<void> {
    this.group = groupUnder(this.group, await this.listening.epoch());
    this.subscription = await this.bus.subscribe({
      group: this.group,
      topics: [topicOf(this.listening.from)],
      handle: (message, signal) => (tracer.enabled ? this.traced(message, signal) : this.handle(message, signal)),
      retry: { attempts: Infinity },
    });
    this.progress.startedAt(this.progress.position);
    this.progress.caughtUp = true;
  }

  async stop(): Promise<void> {
    await this.subscription?.close();
    this.progress.stopped();
  }

  async caughtUp(): Promise<void> {
    await this.subscription?.caughtUp();
  }

  private traced(message: Message, signal: AbortSignal): Promise<void> {
    const { topic, id, attempt, headers } = message;
    const about = { [ATTRIBUTES.topic]: topic, [ATTRIBUTES.group]: this.group };
    const attributes = { ...about, [ATTRIBUTES.messageId]: id, [ATTRIBUTES.attempt]: attempt };
    return withRemoteParent(headers['traceparent'], () =>
      tracer.span(SPANS.consume, attributes, async () => {
        let outcome = 'failed';
        try {
          await this.handle(message, signal);
          outcome = 'done';
        } finally {
          consumed.add(1, { ...about, [ATTRIBUTES.outcome]: outcome });
        }
      }),
    );
  }

  private async handle(message: Message, signal: AbortSignal): Promise<void> {
    await untilDone(
      () => this.take(message),
      signal,
      (failure, attempt) => {
        this.progress.failed(failure);
        this.listening.trouble?.(this.progress.follower, failure, attempt);
      },
    );
    this.progress.handled += 1;
    this.progress.moveTo(message.headers[SEQUENCE_HEADER] ?? this.progress.position, true);
  }

  private async take(message: Message): Promise<void> {
    const { from, inbox } = this.listening;
    const named = aggregateIn(message);
    if (named !== undefined && !this.aggregates.has(named)) return;
    let external: ExternalEvent;
    try {
      external = eventIn(from, message);
    } catch (failure) {
      if (failure instanceof DomainError) return inbox.broken.withoutPlace(from, message.id, failure.message);
      throw failure;
    }
    if (this.aggregates.has(external.place.aggregate)) await this.gather(external);
  }

  /** Messages of different partitions come side by side: those of one moment are put in their places together. */
  private gather(event: ExternalEvent): Promise<void> {
    return new Promise((resolve, reject) => {
      this.gathered.push({ event, resolve, reject });
      if (this.gathered.length === 1) setImmediate(() => void this.settle(this.gathered.splice(0)));
    });
  }

  private async settle(gathered: readonly Gathered[]): Promise<void> {
    try {
      await this.listening.inbox.take(gathered.map(({ event }) => event));
      for (const { resolve } of gathered) resolve();
    } catch (failure) {
      for (const { reject } of gathered) reject(failure);
    }
  }
}

interface Gathered {
  readonly event: ExternalEvent;
  readonly resolve: () => void;
  readonly reject: (failure: unknown) => void;
}
