import type { contactsV1 } from '@rapport/contracts';
import { externalAggregate, partsOf, prefixOf } from '@rapport/event-store';
import {
  mergeStatus,
  type MergeStatus,
  type RecordedEvent,
  SHARED_FIELDS,
  type Share,
  sharedFields,
  type SharedFields,
} from '@rapport/kernel';
import { foldBy, type Projection } from '@rapport/processing';
import type { Document } from '@rapport/read-models';

/** What sales remembers of an account: enough to name it and to find it by name. */
export interface AccountName extends Document, SharedFields, MergeStatus {
  readonly name: string;
  readonly externalId?: string;
  /** Who may see it goes by these. */
  readonly ownerId?: string;
  readonly teamId?: string;
  readonly shares?: readonly Share[];
  readonly archived: boolean;
}

/** Accounts of contacts, as that context lets others hear of them. */
export const accountNames: Projection<AccountName> = {
  declaration: {
    name: 'account_names',
    fields: {
      id: 'text',
      name: 'text',
      externalId: 'text',
      ownerId: 'text',
      teamId: 'text',
      archived: 'boolean',
      mergedInto: 'text',
      mergedIds: 'texts',
      ...SHARED_FIELDS,
    },
    indexes: [['name']],
    lookups: [['externalId']],
  },
  prefixes: [prefixOf(externalAggregate('contacts', 'account'))],
  fold: foldBy<AccountName>({
    AccountCreated: (account, event: Heard<contactsV1.AccountCreated>) =>
      named(known(account, event), event.data.account ?? {}),
    AccountEdited: (account, event: Heard<Edit>) => edited(known(account, event), event.data),
    AccountChangeUndone: (account, event: Heard<Edit>) => edited(known(account, event), event.data),
    AccountArchived: (account, event: RecordedEvent) => ({ ...known(account, event), archived: true }),
    AccountRestored: (account, event: RecordedEvent) => ({ ...known(account, event), archived: false }),
    AccountMergedInto: (account, event: RecordedEvent) => ({
      ...merging(known(account, event), event),
      archived: true,
    }),
    AccountMerged: (account, event: Heard<Edit>) => edited(merging(known(account, event), event), event.data),
    AccountUnmerged: (account, event: Heard<Edit>) => edited(merging(known(account, event), event), event.data),
    AccountSplitOff: (account, event: Heard<Edit>) =>
      edited({ ...merging(known(account, event), event), archived: false }, event.data),
  }),
};

/** As published: what is empty may be missing. */
type Heard<Data extends object> = Omit<RecordedEvent, 'data'> & { readonly data: Partial<Data> };
type Edit = Pick<contactsV1.AccountChangeUndone, 'set' | 'cleared' | 'archived'>;

const known = (account: AccountName | null, { stream }: Pick<RecordedEvent, 'stream'>): AccountName => {
  const { tenant, id } = partsOf(stream);
  return account ?? { id, tenant, name: '', archived: false };
};

/** With what a merge or a split says of it. */
const merging = (
  { mergedInto: _, mergedIds: __, merges, ...account }: AccountName,
  { type, data }: Pick<RecordedEvent, 'type' | 'data'>,
): AccountName => ({ ...account, ...mergeStatus({ ...(merges && { merges }) }, type.slice('Account'.length), data) });

const named = (account: AccountName, { name, ...given }: Partial<contactsV1.Account>): AccountName => {
  const said = {
    ...account,
    ...(name ? { name } : {}),
    ...Object.fromEntries(OPTIONAL.flatMap((field) => (isSaid(given[field]) ? [[field, given[field]]] : []))),
  };
  return { ...said, ...sharedFields(said) };
};

/** Of a list too, which is empty where nothing is said. */
const isSaid = (value: unknown): boolean => (Array.isArray(value) ? value.length > 0 : Boolean(value));

const edited = (account: AccountName, data: Partial<Edit>): AccountName => {
  const { set, cleared = [], archived = account.archived } = data;
  const kept: { -readonly [Field in keyof AccountName]: AccountName[Field] } = { ...account };
  for (const field of OPTIONAL) if (cleared.includes(field)) delete kept[field];
  return named({ ...kept, archived }, set ?? {});
};

const OPTIONAL = ['externalId', 'ownerId', 'teamId', 'shares'] as const;
