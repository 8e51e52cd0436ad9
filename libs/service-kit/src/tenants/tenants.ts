import { everythingOf } from '@rapport/access';
import { type Calendar, type TimeZone, timeZone } from '@rapport/kernel';
import { NO_TENANT, pause } from '@rapport/processing';
import type { Documents } from '@rapport/read-models';
import type { TenantSettings } from './tenant-settings.js';

const BETWEEN_LOOKS_MILLISECONDS = 1_000;
const PAGE = 1_000;

export type SettingsOf = Pick<TenantSettings, 'timeZone' | 'currency' | 'fiscalYearStartsIn'>;

/** What tenants have set, as far as is known here, and by whose days each is. */
export class Tenants {
  /** Goes with what tenants set; its days are those of the moment it is asked. */
  readonly calendar: Calendar;
  /** The same as it was when it was last looked: it never changes. Another one has another name, and no name comes again. */
  days: Calendar;
  private known: ReadonlyMap<string, TenantSettings> = new Map();

  /** @param installation by whose days tenants are that say nothing */
  constructor(private readonly installation: Calendar) {
    this.days = installation;
    this.calendar = { name: installation.name, zoneOf: (tenant) => this.days.zoneOf(tenant) };
  }

  of(tenant: string): SettingsOf {
    return this.known.get(tenant) ?? {};
  }

  /** Takes in what tenants have set by now. */
  async look(settings: Documents<TenantSettings>): Promise<void> {
    const known = new Map<string, TenantSettings>();
    let cursor: string | undefined;
    do {
      const query = { limit: PAGE, ...(cursor === undefined ? {} : { cursor }) };
      const page = await settings.query(everythingOf(NO_TENANT), query);
      for (const document of page.documents) known.set(document.id, document);
      cursor = page.next;
    } while (cursor !== undefined);
    this.known = known;
    const days = daysBy(this.installation, [...known.values()]);
    if (days.name !== this.days.name) this.days = days;
  }

  /** Looks every second until it is stopped, and tells of other days. Whoever cannot look now looks again. */
  async watch(settings: Documents<TenantSettings>, changed: () => void, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await pause(BETWEEN_LOOKS_MILLISECONDS, signal);
      if (signal.aborted) return;
      const before = this.days;
      await this.look(settings).catch(() => undefined);
      if (this.days !== before) changed();
    }
  }
}

const daysBy = (installation: Calendar, settings: readonly TenantSettings[]): Calendar => {
  const zoned = settings.filter(({ zoneSince }) => zoneSince !== undefined);
  if (zoned.length === 0) return installation;
  const zones = new Map<string, TimeZone>();
  for (const { id, timeZone: name } of zoned) {
    const zone = name === undefined ? undefined : zoneNamed(name);
    if (zone) zones.set(id, zone);
  }
  const names = zoned.map(({ id, timeZone: name = '', zoneSince }) => `${id}=${name}@${zoneSince}`);
  return {
    name: [installation.name, ...names.sort()].join(' '),
    zoneOf: (tenant) => zones.get(tenant) ?? installation.zoneOf(tenant),
  };
};

const zones = new Map<string, TimeZone>();

/** Undefined where this process does not know it: identity may know newer ones. */
const zoneNamed = (name: string): TimeZone | undefined => {
  try {
    const zone = zones.get(name) ?? timeZone(name);
    zones.set(name, zone);
    return zone;
  } catch {
    return undefined;
  }
};
