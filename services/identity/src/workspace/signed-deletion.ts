import type { RecordedEvent } from '@rapport/kernel';
import {
  AUDIT_SIGNATURES,
  type CachedKeyStore,
  ownSubject,
  type SignedReceipt,
  signedReceipt,
  signingKey,
} from '@rapport/privacy';
import { NO_TENANT } from '@rapport/processing';
import type { Deletion, DeletionEvent } from '@rapport/service-kit';
import { partsOf } from '@rapport/event-store';

/** The receipt of a deletion, by a key of the installation: those of the workspace are gone. */
export const signedDeletion = async (
  keys: Pick<CachedKeyStore, 'create'>,
  { order, parts, keys: destroyed }: Deletion,
  history: readonly RecordedEvent[],
): Promise<SignedReceipt> => {
  const last = (type: DeletionEvent['type']): RecordedEvent => history.findLast((event) => event.type === type)!;
  const [requested, begun, done] = [
    last('WorkspaceDeletionRequested'),
    last('WorkspaceDeletionBegun'),
    last('WorkspaceDeletionPartDone'),
  ];
  const content = {
    ...{ receipt: 'workspace-deletion', tenant: NO_TENANT, context: 'identity', receiptId: order!.receiptId },
    workspace: partsOf(requested.stream).tenant,
    requestedAt: requested.metadata.occurredAt,
    requestedBy: requested.metadata.actor,
    begunAt: begun.metadata.occurredAt,
    deletedAt: done.metadata.occurredAt,
    keys: destroyed,
    parts: [...parts]
      .sort((a, b) => (a.context < b.context ? -1 : 1))
      .map(({ trail, ...part }) => ({ ...part, ...(trail && { trailLinks: trail.links, trailHash: trail.hash }) })),
    note: NOTE,
  };
  return signedReceipt(content, signingKey(await keys.create(ownSubject('identity', NO_TENANT, AUDIT_SIGNATURES))));
};

const NOTE =
  'Events, read models and files of the workspace were removed in every context. What was told on a bus, or lies in backups, stays there, and ' +
  'what it says about people is sealed with keys that were destroyed.';
