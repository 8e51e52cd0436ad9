import { externalAggregate, partsOf, prefixOf } from '@rapport/event-store';
import type { RecordedEvent } from '@rapport/kernel';
import { NO_TENANT, type Projection } from '@rapport/processing';
import type { Document } from '@rapport/read-models';
import { forgettingIn } from '../workspace/deletion/deletion-facts.js';

/** What a tenant says of itself in identity; what it never said is missing. */
interface Said {
  readonly timeZone?: string;
  readonly currency?: string;
  /** 1 to 12. */
  readonly fiscalYearStartsIn?: number;
}

/** The same as far as a context has heard; its id is the tenant's name. */
export interface TenantSettings extends Document, Said {
  /** Revision of the tenant's record with which its time zone became this one. */
  readonly zoneSince?: number;
}

const HEARD = ['timeZone', 'currency', 'fiscalYearStartsIn'] as const;

/** Settings of all tenants: of identity's own records, or of what others hear of them. They belong to no tenant, so that all can be asked for. */
export const tenantSettings = (context: string): Projection<TenantSettings> =>
  forgettingIn({ context })(settingsIn(context));

const settingsIn = (context: string): Projection<TenantSettings> => ({
  declaration: { name: 'tenant_settings', fields: {}, indexes: [] },
  tenantless: true,
  about: [{ field: 'id', forget: () => null }],
  prefixes: [prefixOf(context === 'identity' ? 'tenant' : externalAggregate('identity', 'tenant'))],
  key: ({ stream }) => partsOf(stream).tenant,
  fold: (document, event, id) => {
    const before = document ?? { id, tenant: NO_TENANT };
    const after = { ...before, ...changed(before, event) };
    return after.timeZone === before.timeZone ? after : { ...after, zoneSince: event.revision };
  },
});

type Change = { readonly [Setting in keyof Said]: Said[Setting] | null };
interface Data extends Change {
  readonly tenant?: Change;
  readonly set?: Change;
  readonly cleared?: readonly string[];
}

/** A record's own events empty a field by null, published ones name it; and these have the new record by its name. */
const changed = (before: Said, { type, data }: RecordedEvent): Said => {
  const { tenant, set, cleared = [], ...own } = data as Data;
  const said: Change = type === 'TenantCreated' ? (tenant ?? own) : (set ?? {});
  const entries = HEARD.map((setting) => {
    const value = cleared.includes(setting) || said[setting] === null ? undefined : (said[setting] ?? before[setting]);
    return [setting, value];
  });
  return Object.fromEntries(entries) as Said;
};
