import { createHmac } from 'node:crypto';
import { idFrom } from '@rapport/kernel';
import { type KeyStore, ownSubject } from '@rapport/privacy';

/** A record that is found by its key, or made. */
export interface KeyedRecord {
  /** The context that it belongs to. */
  readonly context: string;
  readonly tenant: string;
  readonly aggregate: string;
  /** What it is called; without regard to case and blanks. */
  readonly key: string;
}

/**
 * The id that such a record gets: the same for whoever asks for it. It follows from a secret too, so that nobody can try out
 * which names there are.
 */
export const idByKey = async (
  keyring: Pick<KeyStore, 'create'>,
  { context, tenant, aggregate, key }: KeyedRecord,
): Promise<string> => {
  const secret = await keyring.create(ownSubject(context, tenant, 'ids-by-key'));
  const digest = createHmac('sha256', secret)
    .update(`${aggregate}\0${normalised(key)}`)
    .digest('hex');
  return idFrom(digest);
};

const normalised = (key: string): string => key.normalize('NFKC').trim().replace(/\s+/gu, ' ').toLowerCase();
