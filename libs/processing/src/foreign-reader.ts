import { START } from '@rapport/kernel';
import type { Message, MessageBus, Subscription } from '@rapport/message-bus';
import { ATTRIBUTES, meter, METRICS, SPANS, tracer, withRemoteParent } from '@rapport/observability';
import {
  declarationDigest,
  keyOf,
  type Collection,
  type CollectionDeclaration,
  type Document,
  type DocumentWrite,
  type ReadModelStore,
} from '@rapport/read-models';
import { SEQUENCE_HEADER, TYPE_HEADER, type CloudEvent } from './cloud-event.js';
import { topicOf } from './publishing.js';
import { Progress } from './progress.js';

/** A copy of another context's facts, built from its integration events. */
export interface ForeignProjection<D extends Document = Document> {
  /** The context that publishes. */
  readonly from: string;
  readonly declaration: CollectionDeclaration<D>;
  /** Types it needs, without the prefix: `AccountCreated`. */
  readonly types: readonly string[];
  /** The document after the event; null removes it. The document's id is the subject's. */
  fold(document: D | null, event: CloudEvent): D | null;
}

/** The consumer group of a context's copy: `sales.account_names.<digest of the declaration>`. */
export const groupOf = (context: string, { declaration }: Pick<ForeignProjection, 'declaration'>): string =>
  `${context}.${declaration.name}.${declarationDigest(declaration)}`;

const consumed = meter.counter(METRICS.consumed);

/**
 * Keeps one foreign projection up to date from the bus. Idempotent by the event's sequence: the bus keeps the order of
 * one record's events, so what is not newer than the document has been here before.
 *
 * Another declaration is another collection, and another group, which reads the topic from its oldest message again.
 */
export class ForeignReader<D extends Document = Document> {
  /** Sequences of different records may overtake each other: to wait for them use {@link caughtUp}. */
  readonly progress: Progress;
  readonly group: string;
  documents!: Collection<D>;
  private subscription: Subscription | undefined;
  private readonly types: ReadonlySet<string>;
  private readonly gathered: Gathered[] = [];

  constructor(
    context: string,
    private readonly bus: MessageBus,
    private readonly readModels: ReadModelStore,
    readonly projection: ForeignProjection<D>,
  ) {
    const { from, types } = projection;
    this.progress = new Progress(`${context}<-${from}`);
    this.group = groupOf(context, projection);
    this.types = new Set(types);
  }

  async start(): Promise<void> {
    this.documents = await this.readModels.collection(this.projection.declaration);
    this.subscription = await this.bus.subscribe({
      group: this.group,
      topics: [topicOf(this.projection.from)],
      handle: (message) => (tracer.enabled ? this.traced(message) : this.handle(message)),
    });
  }

  async stop(): Promise<void> {
    await this.subscription?.close();
    this.progress.stopped();
  }

  /** Resolves once everything that was published when it was called is in the documents, or parked. */
  async caughtUp(): Promise<void> {
    await this.subscription?.caughtUp();
  }

  private traced(message: Message): Promise<void> {
    const { topic, id, attempt, headers } = message;
    const about = { [ATTRIBUTES.topic]: topic, [ATTRIBUTES.group]: this.group };
    const attributes = { ...about, [ATTRIBUTES.messageId]: id, [ATTRIBUTES.attempt]: attempt };
    return withRemoteParent(headers['traceparent'], () =>
      tracer.span(SPANS.consume, attributes, async () => {
        let outcome = 'failed';
        try {
          await this.handle(message);
          outcome = 'done';
        } finally {
          consumed.add(1, { ...about, [ATTRIBUTES.outcome]: outcome });
        }
      }),
    );
  }

  private async handle(message: Message): Promise<void> {
    const { [TYPE_HEADER]: type, [SEQUENCE_HEADER]: sequence } = message.headers;
    this.progress.handled += 1;
    if (type !== undefined && sequence !== undefined && !this.isWanted(type))
      return this.progress.moveTo(sequence, true);
    const event = JSON.parse(message.value) as CloudEvent;
    if (this.isWanted(event.type)) await this.apply(event);
    this.progress.lastRecordedAt = event.recordedtime;
    this.progress.moveTo(event.sequence, true);
  }

  /** The last part of `rapport.contacts.v1.AccountCreated` counts. */
  private isWanted(type: string): boolean {
    return this.types.has(type.slice(type.lastIndexOf('.') + 1));
  }

  /** Messages of different partitions come side by side: those of one moment are read, folded and written together. */
  private apply(event: CloudEvent): Promise<void> {
    return new Promise((resolve, reject) => {
      this.gathered.push({ event, resolve, reject });
      if (this.gathered.length === 1) setImmediate(() => void this.settle(this.gathered.splice(0)));
    });
  }

  private async settle(gathered: readonly Gathered[]): Promise<void> {
    try {
      await this.applyAll(gathered.map(({ event }) => event));
      for (const { resolve } of gathered) resolve();
    } catch (failure) {
      // One that cannot be applied must not fail the others.
      if (gathered.length > 1) for (const each of gathered) await this.settle([each]);
      else gathered[0]?.reject(failure);
    }
  }

  private async applyAll(events: readonly CloudEvent[]): Promise<void> {
    const placed = events.map((event) => ({ event, tenant: event.tenant, id: recordOf(event) }));
    const stored = await this.documents.load(placed);
    const collection = this.documents as unknown as Collection<Document>;
    const writes: DocumentWrite[] = [];
    for (const { event, tenant, id } of placed) {
      const known = stored.get(keyOf({ tenant, id }));
      const { sequence: position } = event;
      if ((known?.position ?? START) >= position) continue;
      const before = known?.document ?? null;
      const document = this.projection.fold(before, event);
      if (document === before) continue;
      stored.set(keyOf({ tenant, id }), { document, position });
      writes.push({ collection, tenant, id, position, document });
    }
    if (writes.length > 0) await this.readModels.write({ writes });
  }
}

interface Gathered {
  readonly event: CloudEvent;
  readonly resolve: () => void;
  readonly reject: (failure: unknown) => void;
}

const recordOf = ({ subject }: CloudEvent): string => subject.slice(subject.indexOf('/') + 1);
