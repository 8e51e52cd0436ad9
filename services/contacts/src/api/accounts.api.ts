import { Inject, Injectable } from '@nestjs/common';
import type { contactsV1, typesV1 } from '@rapport/contracts';
import type { CallContext } from '@rapport/kernel';
import { runBatch, type Handlers } from '@rapport/service-kit';
import { ACCOUNTS, type AccountRecords } from '../records.js';

/** rapport.contacts.v1.AccountsService */
@Injectable()
export class AccountsApi implements Handlers<contactsV1.AccountsService> {
  constructor(@Inject(ACCOUNTS) private readonly accounts: AccountRecords) {}

  createAccount({ account }: contactsV1.CreateAccountRequest, call: CallContext): Promise<contactsV1.Account> {
    return this.accounts.create(account!, call);
  }

  getAccount(request: typesV1.GetRecordRequest, call: CallContext): Promise<contactsV1.Account> {
    return this.accounts.get(request, call);
  }

  listAccounts(request: typesV1.ListRecordsRequest, call: CallContext): Promise<contactsV1.ListAccountsResponse> {
    return this.accounts.list(request, call);
  }

  updateAccount(
    { id, account, updateMask }: contactsV1.UpdateAccountRequest,
    call: CallContext,
  ): Promise<contactsV1.Account> {
    return this.accounts.edit(id, account!, updateMask, call);
  }

  archiveAccount(request: typesV1.RecordRequest, call: CallContext): Promise<contactsV1.Account> {
    return this.accounts.archive(request, call);
  }

  restoreAccount(request: typesV1.RecordRequest, call: CallContext): Promise<contactsV1.Account> {
    return this.accounts.restore(request, call);
  }

  undoAccountChange(request: typesV1.UndoRequest, call: CallContext): Promise<contactsV1.Account> {
    return this.accounts.undo(request, call);
  }

  listAccountHistory(request: typesV1.ListHistoryRequest, call: CallContext): Promise<typesV1.ListHistoryResponse> {
    return this.accounts.history(request, call);
  }

  batchAccounts(
    { rows }: contactsV1.BatchAccountsRequest,
    call: CallContext,
  ): Promise<contactsV1.BatchAccountsResponse> {
    return runBatch(rows, this.accounts.batchMethods('account'), call);
  }
}
