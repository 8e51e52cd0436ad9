import { Inject, Injectable } from '@nestjs/common';
import type { contactsV1, typesV1 } from '@rapport/contracts';
import type { CallContext } from '@rapport/kernel';
import { MergeCalls, type Merges, mergesOf, type RecordApi, RUNTIME, type ServiceRuntime } from '@rapport/service-kit';
import { LikelyDuplicates } from '../duplicates/likely-duplicates.js';
import { CameSinceMerge } from '../merges/came-since.js';
import { TO_ACCOUNTS } from '../merges/relations.js';
import { type AccountRecords, accounts } from '../records/accounts.js';

/** What only accounts can do: those of one company are found, become one, and are split again. */
@Injectable()
export class AccountsApi implements RecordApi<typeof accounts> {
  private readonly calls: MergeCalls<contactsV1.Account>;

  constructor(
    @Inject(mergesOf(accounts)) merges: Merges,
    @Inject(accounts.token) private readonly records: AccountRecords,
    @Inject(LikelyDuplicates) private readonly duplicates: LikelyDuplicates,
    @Inject(RUNTIME) runtime: ServiceRuntime,
  ) {
    const since = new CameSinceMerge(accounts.decider, TO_ACCOUNTS, runtime);
    this.calls = new MergeCalls<contactsV1.Account>(accounts, merges, records as never, since);
  }

  async createAccount(
    { account: asked, checkDuplicates }: contactsV1.CreateAccountRequest,
    call: CallContext,
  ): Promise<contactsV1.Account> {
    const made = await this.records.create(asked ?? {}, call);
    return checkDuplicates ? this.duplicates.toldWithAccount(made, call) : made;
  }

  async updateAccount(
    { id, account: asked, updateMask, checkDuplicates }: contactsV1.UpdateAccountRequest,
    call: CallContext,
  ): Promise<contactsV1.Account> {
    const changed = await this.records.edit(id, asked ?? {}, updateMask, call);
    return checkDuplicates ? this.duplicates.toldWithAccount(changed, call) : changed;
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
    const { survivor: account, ...both } = await this.calls.unmerge(request, call);
    return { account, ...both };
  }

  async previewAccountUnmerge(
    request: contactsV1.UnmergeAccountRequest,
    call: CallContext,
  ): Promise<contactsV1.UnmergedAccounts> {
    const { survivor: account, ...both } = await this.calls.foreseeSplit(request, call);
    return { account, ...both };
  }

  undoAccountChange(request: typesV1.UndoRequest, call: CallContext): Promise<contactsV1.Account> {
    return this.calls.undo(request, call);
  }
}
