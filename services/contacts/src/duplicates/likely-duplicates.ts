import { Inject, Injectable } from '@nestjs/common';
import { scopeOf } from '@rapport/access';
import { contactsV1 } from '@rapport/contracts';
import type { CallContext } from '@rapport/kernel';
import { shown } from '@rapport/read-models';
import { fieldsOf } from '@rapport/service-kit';
import type { PairedKind } from '../domain/duplicate/duplicate.js';
import { accounts } from '../records/accounts.js';
import { contacts } from '../records/contacts.js';
import { DecidedPairs } from './decided-pairs.js';
import { LookAlikes } from './look-alikes.js';
import type { MatchedDocument } from './matched-kind.js';

/** Tells with what was written which records may mean the same. */
@Injectable()
export class LikelyDuplicates {
  constructor(
    @Inject(LookAlikes) private readonly lookAlikes: LookAlikes,
    @Inject(DecidedPairs) private readonly pairs: DecidedPairs,
  ) {}

  async toldWithContact(written: contactsV1.Contact, call: CallContext): Promise<contactsV1.Contact> {
    return { ...written, likelyDuplicates: { contactIds: await this.of('contact', written, call) } };
  }

  async toldWithAccount(written: contactsV1.Account, call: CallContext): Promise<contactsV1.Account> {
    return { ...written, likelyDuplicates: { accountIds: await this.of('account', written, call) } };
  }

  /** A write is done when this is asked, and nothing of it depends on the answer. */
  private async of(kind: PairedKind, written: { readonly id: string }, call: CallContext): Promise<string[]> {
    const { id } = written;
    await this.pairs.caughtUp(kind, call);
    const scope = scopeOf(call.principal, kind);
    const { outputOnly } = (kind === 'account' ? accounts : contacts).kind;
    const fields = fieldsOf<object>(written, outputOnly);
    const record = shown(scope, { ...fields, id, tenant: scope.tenant } as MatchedDocument);
    const found = await this.lookAlikes.of(kind, record, call.principal);
    const others = found.map((other) => other.id);
    const dismissed = await this.pairs.dismissed(kind, id, others, call);
    return others.filter((other) => !dismissed.has(other));
  }
}
