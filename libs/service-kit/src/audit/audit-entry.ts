import { type Decider, type DomainEvent, UNCHANGED } from '@rapport/kernel';

/** What somebody did who changed nothing, so that no other fact tells it. */
export type AuditEntryEvent = SignedIn | SignInFailed | CallRefused | DataTakenAlong | RecordsRead;

/** Somebody is in. */
export type SignedIn = DomainEvent<'SignedIn', { readonly personId: string } & From>;

/** Somebody was not let in. */
export type SignInFailed = DomainEvent<
  'SignInFailed',
  {
    /** Of the account that was named, or of no account at all. */
    readonly personId: string;
    readonly code: string;
  } & From
>;

/** Somebody asked for what is not theirs. */
export type CallRefused = DomainEvent<'CallRefused', Called & { readonly code: string }>;

/** Somebody took data along as a file, or, where `code` says so, looked at it as another user does: `viewed-as <user id>`. */
export type DataTakenAlong = DomainEvent<'DataTakenAlong', Called & { readonly code?: string }>;

/** Somebody looked at records whose readers are noted. */
export type RecordsRead = DomainEvent<
  'RecordsRead',
  { readonly object: string; readonly recordIds: readonly string[]; readonly method: string }
>;

interface Called extends From {
  /** The user who asked, or whom the key is of. */
  readonly personId: string;
  /** `rapport.contacts.v1.ContactsService/EraseContact` */
  readonly method: string;
  /** Of the record that was named, if one was. */
  readonly recordIds?: readonly string[];
}

interface From {
  /** The network address that it came from; sealed with that person's key. */
  readonly address?: string;
}

interface AuditEntryCommands {
  note: AuditEntryEvent;
}

/** An entry of the audit trail: one event in a stream of its own, so that nobody waits for anybody. */
export const auditEntry: Decider<AuditEntryEvent | null, AuditEntryEvent, AuditEntryCommands> = {
  aggregate: 'auditEntry',
  events: {
    SignedIn: UNCHANGED,
    SignInFailed: UNCHANGED,
    CallRefused: UNCHANGED,
    DataTakenAlong: UNCHANGED,
    RecordsRead: UNCHANGED,
  },
  initialState: null,
  evolve: (_, event) => event,
  decide: { note: (state, event) => (state ? [] : [event]) },
};

/** What of an entry says something about a person. */
export const personalInAuditEntries = { [auditEntry.aggregate]: [{ name: 'address', about: 'personId' }] };
