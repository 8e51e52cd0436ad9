import { START, type Position } from '@rapport/kernel';
import type { Message, MessageBus, Subscription } from '@rapport/message-bus';
import { keyOf, type Collection, type CollectionDeclaration, type Document, type ReadModelStore } from '@rapport/read-models';
import type { CloudEvent } from './cloud-event.js';
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

/** Keeps one foreign projection up to date from the bus. Idempotent by the event's sequence. */
export class ForeignReader<D extends Document = Document> {
  readonly progress: Progress;
  private subscription: Subscription | undefined;
  documents!: Collection<D>;

  constructor(
    private readonly context: string,
    private readonly bus: MessageBus,
    private readonly readModels: ReadModelStore,
    readonly projection: ForeignProjection<D>,
  ) {
    this.progress = new Progress(`${context}<-${projection.from}`);
  }

  async start(): Promise<void> {
    this.documents = await this.readModels.collection(this.projection.declaration);
    this.subscription = await this.bus.subscribe({
      group: `${this.context}.${this.projection.declaration.name}`,
      topics: [topicOf(this.projection.from)],
      handle: (message) => this.handle(message),
    });
  }

  async stop(): Promise<void> {
    await this.subscription?.close();
  }

  private async handle(message: Message): Promise<void> {
    const event = JSON.parse(message.value) as CloudEvent;
    const wanted = this.projection.types.includes(event.type.slice(event.type.lastIndexOf('.') + 1));
    if (wanted) await this.apply(event);
    this.progress.moveTo(event.sequence, true);
  }

  private async apply(event: CloudEvent): Promise<void> {
    const { tenant, sequence } = event;
    const id = event.subject.slice(event.subject.indexOf('/') + 1);
    const stored = (await this.documents.load([{ tenant, id }])).get(keyOf({ tenant, id }));
    if ((stored?.position ?? START) >= (sequence as Position)) return;
    const document = this.projection.fold(stored?.document ?? null, event);
    const collection = this.documents as unknown as Collection<Document>;
    await this.readModels.write({ writes: [{ collection, tenant, id, position: sequence, document }] });
  }
}
