import type { RecordedEvent } from '@rapport/kernel';
import type { KeyStore } from '@rapport/privacy';

/** Facts that the keyring has as well, so that no older copy of the one or the other loses them. */
export interface NotedFacts {
  readonly prefix: string;
  /** Repeatable; events are as they are on disk. Answers whether there was anything to note. */
  note(event: RecordedEvent, keys: KeyStore): Promise<boolean>;
}
