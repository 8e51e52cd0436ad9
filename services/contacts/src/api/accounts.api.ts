import { Inject, Injectable } from '@nestjs/common';
import type { contactsV1, typesV1 } from '@rapport/contracts';
import type { CallContext } from '@rapport/kernel';
import { MergeCalls, type Merges, mergesOf, type RecordApi } from '@rapport/service-kit';
import { type AccountRecords, accounts } from '../records/accounts.js';

/** What only accounts can do: those of one company become one, and are split again. */
@Injectable()
export class AccountsApi implements RecordApi<typeof accounts> {
  private readonly calls: MergeCalls<contactsV1.Account>;

  constructor(@Inject(mergesOf(accounts)) merges: Merges, @Inject(accounts.token) records: AccountRecords) {
    this.calls = new MergeCalls<contactsV1.Account>(accounts, merges, records as never);
  }

  mergeAccount(request: contactsV1.MergeAccountRequest, call: CallContext): Promise<contactsV1.Account> {
    return this.calls.merge(request, call);
  }

  async previewAccountMerge(
    request: contactsV1.MergeAccountRequest,
    call: CallContext,
  ): Promise<contactsV1.AccountMergePreview> {
    const { becomes: account, fields } = await this.calls.foresee(request, call);
    return { account, fields };
  }

  async unmergeAccount(
    request: contactsV1.UnmergeAccountRequest,
    call: CallContext,
  ): Promise<contactsV1.UnmergedAccounts> {
    const { survivor: account, other, changedSince } = await this.calls.unmerge(request, call);
    return { account, other, changedSince };
  }

  async previewAccountUnmerge(
    request: contactsV1.UnmergeAccountRequest,
    call: CallContext,
  ): Promise<contactsV1.UnmergedAccounts> {
    const { survivor: account, other, changedSince } = await this.calls.foreseeSplit(request, call);
    return { account, other, changedSince };
  }

  undoAccountChange(request: typesV1.UndoRequest, call: CallContext): Promise<contactsV1.Account> {
    return this.calls.undo(request, call);
  }
}
