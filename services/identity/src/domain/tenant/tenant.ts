import {
  type Decider,
  type RecordCommands,
  recordDecider,
  type RecordEvent,
  type RecordState,
  reject,
  UNCHANGED,
} from '@rapport/kernel';
import { knownTimeZone } from '../time-zone.js';

/** What holds for a whole organisation; the names are the contract's. */
export interface TenantFields {
  readonly name?: string;
  readonly timeZone?: string;
  readonly locale?: string;
  readonly currency?: string;
  readonly weekStartsOn?: string;
  /** 1 to 12. */
  readonly fiscalYearStartsIn?: number;
  /** Of whom more than a password is wanted: `optional`, `administrators`, `everybody`. */
  readonly secondFactor?: string;
}

type Plain = RecordEvent<'Tenant', TenantFields>;

/** A tenant is never archived. */
export type TenantEvent = Exclude<Plain, { readonly type: 'TenantArchived' | 'TenantRestored' }>;

export type TenantState = RecordState<TenantFields>;

/** What a tenant begins with. Its time zone is the installation's until somebody says otherwise. */
export const FIRST_SETTINGS: TenantFields = { locale: 'en', weekStartsOn: 'monday', fiscalYearStartsIn: 1 };

const record = recordDecider<'Tenant', TenantFields>('tenant', 'Tenant', (fields, before) => {
  if (!('archived' in fields && fields.archived)) return knownTimeZone(fields.timeZone, before?.timeZone);
  const message = 'That a tenant came to be cannot be undone. Undo a change of its settings.';
  return reject('conflict', 'tenant-stays', message);
});

type TenantCommands = Pick<RecordCommands<TenantFields>, 'create' | 'edit'>;

/** The settings of an organisation: there is one record of them, which stays. */
export const tenant: Decider<TenantState, TenantEvent, TenantCommands> = {
  ...(record as unknown as Decider<TenantState, TenantEvent, TenantCommands>),
  events: { TenantCreated: UNCHANGED, TenantEdited: UNCHANGED, TenantChangeUndone: UNCHANGED },
};
