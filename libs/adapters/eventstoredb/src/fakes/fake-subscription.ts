import { Readable } from 'node:stream';
import type { AllStreamResolvedEvent, AllStreamSubscription } from '@eventstore/db-client';
import type { CheckpointReached } from '../page-subscription.js';

/** What a server says on a subscription, in its order. */
export type Saying =
  | { readonly event: bigint }
  /** The event there has been seen, or only everything before it. */
  | { readonly checkpoint: bigint }
  | { readonly before: bigint }
  | 'caughtUp'
  | 'confirmation';

/** A subscription of the client as far as an adapter sees it: events are buffered, everything else is announced at once. */
export class FakeSubscription extends Readable {
  unsubscribed = false;

  constructor(private readonly checkpointReached: CheckpointReached) {
    super({ objectMode: true, highWaterMark: 4, read: () => undefined });
  }

  says(saying: Saying): void {
    if (typeof saying === 'string') this.emit(saying);
    else if ('event' in saying) this.push(eventAt(saying.event));
    else if ('before' in saying) this.checkpointReached(this, { commit: saying.before, prepare: 0n });
    else this.checkpointReached(this, { commit: saying.checkpoint, prepare: saying.checkpoint });
  }

  async unsubscribe(): Promise<void> {
    this.unsubscribed = true;
  }

  get asClients(): AllStreamSubscription {
    return this;
  }
}

const eventAt = (commit: bigint, type = 'NoteTaken'): AllStreamResolvedEvent => ({
  event: {
    streamId: 'test.note-acme-1',
    id: '00000000-0000-4000-8000-000000000001',
    isJson: true,
    revision: commit,
    type,
    created: new Date(0),
    data: {},
    metadata: {},
    position: { commit, prepare: commit },
  },
});
