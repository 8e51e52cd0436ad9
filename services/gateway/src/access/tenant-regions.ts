import { DomainError } from '@rapport/kernel';

/** Where tenants keep their data: each is let in at the doors of its own region alone. */
export class TenantRegions {
  /** @param pinned region by tenant; whoever is not named may come in anywhere */
  constructor(
    private readonly region: string | null,
    private readonly pinned: ReadonlyMap<string, string>,
  ) {}

  /** @throws DomainError forbidden `other-region`, naming the region */
  refuseOthers(tenant: string): void {
    const pinned = this.pinned.get(tenant);
    if (pinned === undefined || pinned === this.region) return;
    const message = `"${tenant}" keeps its data in region "${pinned}". Come in at the door of that region.`;
    throw new DomainError('forbidden', 'other-region', message);
  }
}

/** `acme=eu,globex=us`. @throws DomainError naming what cannot be read */
export const pinnedIn = (text: string): ReadonlyMap<string, string> =>
  new Map(
    text
      .split(',')
      .map((part) => part.trim())
      .filter(Boolean)
      .map((part): [string, string] => {
        const [, tenant, region] = /^([a-z0-9_]{1,40})=([\w-]{1,40})$/.exec(part) ?? [];
        if (tenant !== undefined && region !== undefined) return [tenant, region];
        const message = `"${part}" is not a tenant and its region. Write "acme=eu", separated by commas.`;
        throw new DomainError('invalid', 'bad-configuration', message);
      }),
  );
