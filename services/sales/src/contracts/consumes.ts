import type { contactsV1 } from '@rapport/contracts';
import type { CloudEvent, ForeignProjection } from '@rapport/processing';
import type { Document } from '@rapport/read-models';

/** What sales remembers of an account: enough to name it and to find it by name. */
export interface AccountName extends Document {
  readonly name: string;
  readonly externalId?: string;
  readonly archived: boolean;
}

/** Another context's account, as its integration events tell of it. */
export const accountNames: ForeignProjection<AccountName> = {
  from: 'contacts',
  declaration: {
    name: 'account_names',
    fields: { id: 'text', name: 'text', externalId: 'text', archived: 'boolean' },
    indexes: [['name'], ['externalId']],
  },
  types: ['AccountCreated', 'AccountEdited', 'AccountArchived', 'AccountRestored', 'AccountChangeUndone'],
  fold: (account, event) => {
    const change = CHANGES[event.type.slice(event.type.lastIndexOf('.') + 1)];
    if (!change) return account;
    const { tenant, subject, data } = event;
    const unknown: AccountName = { id: subject.slice(subject.indexOf('/') + 1), tenant, name: '', archived: false };
    return change(account ?? unknown, data);
  },
};

type Change = (account: AccountName, data: CloudEvent['data']) => AccountName;
type Edit = Partial<Pick<contactsV1.AccountChangeUndone, 'set' | 'cleared' | 'archived'>>;

const named = (account: AccountName, { name, externalId }: Partial<contactsV1.Account>): AccountName => ({
  ...account,
  ...(name ? { name } : {}),
  ...(externalId ? { externalId } : {}),
});

const edited: Change = (account, data) => {
  const { set, cleared = [], archived = account.archived }: Edit = data;
  const { externalId, ...rest } = account;
  const kept = externalId === undefined || cleared.includes('externalId') ? rest : account;
  return named({ ...kept, archived }, set ?? {});
};

const CHANGES: Readonly<Record<string, Change>> = {
  AccountCreated: (account, data) => named(account, (data as Partial<contactsV1.AccountCreated>).account ?? {}),
  AccountEdited: edited,
  AccountChangeUndone: edited,
  AccountArchived: (account) => ({ ...account, archived: true }),
  AccountRestored: (account) => ({ ...account, archived: false }),
};
