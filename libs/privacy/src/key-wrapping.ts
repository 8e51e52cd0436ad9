import type { Subject, SubjectKey } from './key-store.js';

/**
 * Wraps subjects' keys before a store keeps them. `MasterKey` does it here, with a key from a file or the configuration;
 * a key management service (KMS) does it elsewhere, and its master key never comes into this process.
 *
 * A KMS is asked once for every key that is made, and once for every key that a process reads for the first time. It
 * throws DomainError `unavailable` when it cannot be reached, which is tried again, and `wrong-master-key` when it
 * refuses the key for good.
 */
export interface KeyWrapping {
  /** Bytes that only {@link unwrap} opens again, and only for the same subject: give it to the KMS as context. */
  wrap(key: SubjectKey, subject: Subject): Buffer | Promise<Buffer>;
  /** @throws DomainError `wrong-master-key` */
  unwrap(wrapped: Uint8Array, subject: Subject): SubjectKey | Promise<SubjectKey>;
}
