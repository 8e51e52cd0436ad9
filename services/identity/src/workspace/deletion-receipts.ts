import { prefixOf } from '@rapport/event-store';
import type { SignedReceipt } from '@rapport/privacy';
import { NO_TENANT, type Projection } from '@rapport/processing';
import type { Document } from '@rapport/read-models';
import { DELETION, type WorkspaceDeletionReceiptSigned } from '@rapport/service-kit';

interface DeletionReceipt extends Document {
  readonly signed: SignedReceipt;
}

/** Of workspaces that are no more: they belong to nobody, and are found by their ids alone. */
export const deletionReceipts: Projection<DeletionReceipt> = {
  declaration: { name: 'deletion_receipts', fields: {}, indexes: [] },
  tenantless: true,
  about: [],
  prefixes: [prefixOf(DELETION)],
  key: ({ type, data }) =>
    type === 'WorkspaceDeletionReceiptSigned' ? (data as WorkspaceDeletionReceiptSigned['data']).receiptId : undefined,
  fold: (_, { data }, id) => ({
    id,
    tenant: NO_TENANT,
    signed: (data as WorkspaceDeletionReceiptSigned['data']).signed,
  }),
};
