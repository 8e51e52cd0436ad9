import type { RecordEvent } from '@rapport/kernel';

/** Somebody who sells. `name` and `email` are personal data: sealed in the stored event. */
export interface RepresentativeFields {
  readonly name: string;
  /** Name of the manager whose team it is. */
  readonly manager?: string;
  /** Regional office. */
  readonly region?: string;
  readonly email?: string;
  readonly externalId?: string;
}

export type RepresentativeEvent = RecordEvent<'Representative', RepresentativeFields>;
