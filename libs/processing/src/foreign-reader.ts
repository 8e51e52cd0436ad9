import { START } from '@rapport/kernel';
import type { Message, MessageBus, Subscription } from '@rapport/message-bus';
import { ATTRIBUTES, meter, METRICS, SPANS, tracer, withRemoteParent } from '@rapport/observability';
import {
  declarationDigest,
  keyOf,
  type Collection,
  type CollectionDeclaration,
  type Document,
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

  constructor(
    context: string,
    private readonly bus: MessageBus,
    private readonly readModels: ReadModelStore,
    readonly projection: ForeignProjection<D>,
  ) {
    const { from, declaration, types } = projection;
    this.progress = new Progress(`${context}<-${from}`);
    this.group = `${context}.${declaration.name}.${declarationDigest(declaration)}`;
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

  private async apply(event: CloudEvent): Promise<void> {
    const { tenant, sequence } = event;
    const id = event.subject.slice(event.subject.indexOf('/') + 1);
    const stored = (await this.documents.load([{ tenant, id }])).get(keyOf({ tenant, id }));
    if ((stored?.position ?? START) >= sequence) return;
    const before = stored?.document ?? null;
    const document = this.projection.fold(before, event);
    if (document === before) return;
    const collection = this.documents as unknown as Collection<Document>;
    await this.readModels.write({ writes: [{ collection, tenant, id, position: sequence, document }] });
  }
}
