import type { CommandExchange } from '@rapport/commands';
import type { Bookkeeping, EventStore } from '@rapport/event-store';
import type { SealedFileStore } from '@rapport/files';
import { type Calendar, type Clock, UTC_CALENDAR } from '@rapport/kernel';
import type { Mail } from '@rapport/mail';
import type { Logger, Telemetry } from '@rapport/observability';
import type { CachedKeyStore } from '@rapport/privacy';
import type { Exchange, Ownership, Ticks } from '@rapport/processing';
import type { ReadModelStore } from '@rapport/read-models';
import type { LostKeys } from './erasure/lost-keys.js';
import type { Dependency } from './service/readiness.js';

/** What a service runs on. Only `main.ts` files know which adapters these are. */
export interface Engines {
  readonly events: EventStore;
  /** What followers remember beside the events. */
  readonly books: Bookkeeping;
  readonly keys: CachedKeyStore;
  /** What to do with facts that are sealed with keys which are not there. By default the start is refused. */
  readonly lostKeys?: LostKeys;
  readonly readModels: ReadModelStore;
  /** How it hears of other contexts, and they of it. */
  readonly exchange: Exchange;
  /** Contexts that there are beside it, where those are not all; what concerns every context waits for them. */
  readonly installed?: readonly string[];
  /** How it asks other contexts, and they ask it. */
  readonly commands: CommandExchange;
  /** Raised by whoever has set the events back to an earlier state, from a backup. Default 0. */
  readonly epoch?: number;
  /** Uploads, sealed with a key of their own each. */
  readonly files: SealedFileStore;
  /** Which of the service's processes its followers run in. */
  readonly ownership: Ownership;
  /** All of these, and whether each can be worked with. */
  readonly dependencies?: () => Promise<readonly Dependency[]>;
  readonly clock: Clock;
  /** By whose days; UTC for everybody when left out. */
  readonly calendar?: Calendar;
  /** How it writes to people; not at all when left out. */
  readonly mail?: Mail;
  /** Where people find Rapport, without a slash at its end; where nobody has said so, at `localhost`. */
  readonly publicUrl?: string;
  /** How long whoever wants a workspace deleted has to think again, in milliseconds; a week when left out. */
  readonly deletionWait?: number;
  /** Goes along with the clock as long as that is right. */
  readonly ticks: Ticks;
  readonly logger: Logger;
  readonly telemetry: Telemetry;
}

export const calendarOf = ({ calendar = UTC_CALENDAR }: Pick<Engines, 'calendar'>): Calendar => calendar;
