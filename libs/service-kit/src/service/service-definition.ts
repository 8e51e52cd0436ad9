import type { ForeignProjection, Projection, Publishing, Reaction } from '@rapport/processing';
import type { Engines } from '../engines.js';

/** Everything that a service does besides answering calls, by name. */
export interface ServiceDefinition extends Publishing {
  /** Aggregates whose streams are this service's own. */
  readonly aggregates: readonly string[];
  /** Aggregate → its fields that say something about a person; from the contract's marks. */
  readonly personal: Readonly<Record<string, readonly string[]>>;
  readonly projections: readonly Projection[];
  /** Copies of other contexts' facts. */
  readonly reads?: readonly ForeignProjection[];
  readonly reactions?: (engines: Engines) => readonly Reaction[];
}
