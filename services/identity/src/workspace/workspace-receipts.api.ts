import { Inject, Injectable } from '@nestjs/common';
import { everythingOf } from '@rapport/access';
import type { workspaceV1 } from '@rapport/contracts';
import { DomainError } from '@rapport/kernel';
import { NO_TENANT } from '@rapport/processing';
import { type Handlers, RUNTIME, type ServiceRuntime } from '@rapport/service-kit';
import { deletionReceipts } from './deletion-receipts.js';

/** rapport.workspace.v1.WorkspaceReceiptsService */
@Injectable()
export class WorkspaceReceiptsApi implements Handlers<workspaceV1.WorkspaceReceiptsService> {
  constructor(@Inject(RUNTIME) private readonly runtime: ServiceRuntime) {}

  async getWorkspaceReceipt({
    receiptId,
  }: workspaceV1.GetWorkspaceReceiptRequest): Promise<workspaceV1.WorkspaceReceipt> {
    const { documents } = this.runtime.projection(deletionReceipts);
    const found = await documents.get(everythingOf(NO_TENANT), receiptId);
    if (found) return { receiptId, signed: found.signed };
    const message = 'There is no receipt of this id, or not yet: a workspace has one once everything of it is removed.';
    throw new DomainError('not-found', 'receipt-not-found', message);
  }
}
