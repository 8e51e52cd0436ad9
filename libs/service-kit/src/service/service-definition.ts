import type { InjectionToken } from '@nestjs/common';
import type { ServedCommand } from '@rapport/commands';
import type { KnownAggregate } from '@rapport/event-store';
import type { AnyTimer } from '@rapport/kernel';
import type { ErasureFact, Projection, Publishing, Reaction } from '@rapport/processing';
import type { PersonalFields } from '@rapport/privacy';
import type { Audited } from '../audit/audited.js';
import type { Engines } from '../engines.js';
import type { NotedFacts } from '../erasure/noted-facts.js';
import type { ServedRecord } from './served-record.js';

/** Everything that a service does besides answering calls, by name. */
export interface ServiceDefinition extends Publishing {
  /** Aggregates whose streams are this service's own. */
  readonly aggregates: readonly string[];
  /** Everything that it stores, those aggregates among it: which events there are, and their versions. */
  readonly catalogue: readonly KnownAggregate[];
  /** Aggregate → its fields that say something about a person; from the contract's marks. */
  readonly personal: PersonalFields;
  /** What each aggregate with personal fields keeps them for: told to whoever asks what is held about a person. */
  readonly purposes?: Readonly<Record<string, string>>;
  /** What tells of the erasure of people, here and, where it is heard of, in other contexts. */
  readonly erasures?: readonly ErasureFact[];
  /** Facts that are noted in the keyring. */
  readonly noted?: NotedFacts;
  /** Facts that belong into its audit trail; it keeps none when left out. */
  readonly audited?: Audited;
  readonly projections: readonly Projection[];
  /** What its records wait for. */
  readonly timers?: readonly AnyTimer[];
  /** Kinds of records, with what answers for them. */
  readonly records: readonly ServedRecord[];
  /**
   * Aggregates of other contexts that it hears of, by context. All that happens to their records lies in streams of its own
   * store, `contacts.account-…`, which its projections and reactions follow as they follow its own.
   */
  readonly listens?: Readonly<Record<string, readonly string[]>>;
  /** Contexts that it asks to do something. */
  readonly asks?: readonly string[];
  /** What others may ask of it, by name. Called once the service is put together. */
  readonly serves?: (provided: Provided) => Readonly<Record<string, ServedCommand>>;
  /** Called once the service is put together, so that a reaction may use what is provided in it. */
  readonly reactions?: (engines: Engines, provided: Provided) => readonly Reaction[];
}

/** What the service's module provides under a token. */
export type Provided = <T>(token: InjectionToken<T>) => T;
