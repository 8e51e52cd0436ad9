import type { ErasableEvent, ProtectionEvent } from '@rapport/kernel';

/** Somebody who sells. The contract marks what is personal: sealed in the stored event. */
export interface RepresentativeFields {
  readonly name: string;
  /** Name of the manager whose team it is. */
  readonly manager?: string;
  /** The manager, where that is a representative as well. */
  readonly managerId?: string;
  /** Regional office. */
  readonly region?: string;
  readonly email?: string;
  readonly externalId?: string;
}

/** What stands above one is what stands above the user who it is. */
export type RepresentativeEvent =
  ErasableEvent<'Representative', RepresentativeFields> | ProtectionEvent<'Representative'>;
