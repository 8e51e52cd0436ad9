import type { Bookkeeping, EventStore } from '@rapport/event-store';
import type { SealedFileStore } from '@rapport/files';
import type { Clock } from '@rapport/kernel';
import type { MessageBus } from '@rapport/message-bus';
import type { Logger, Telemetry } from '@rapport/observability';
import type { CachedKeyStore } from '@rapport/privacy';
import type { Ownership, Ticks } from '@rapport/processing';
import type { ReadModelStore } from '@rapport/read-models';

/** What a service runs on. Only `main.ts` files know which adapters these are. */
export interface Engines {
  readonly events: EventStore;
  /** What followers remember beside the events. */
  readonly books: Bookkeeping;
  readonly keys: CachedKeyStore;
  readonly readModels: ReadModelStore;
  readonly bus: MessageBus;
  /** Uploads, sealed with a key of their own each. */
  readonly files: SealedFileStore;
  /** Which of the service's processes its followers run in. */
  readonly ownership: Ownership;
  readonly clock: Clock;
  /** Goes along with the clock as long as that is right. */
  readonly ticks: Ticks;
  readonly logger: Logger;
  readonly telemetry: Telemetry;
}
