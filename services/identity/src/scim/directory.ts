import { Inject, Injectable } from '@nestjs/common';
import { everythingOf } from '@rapport/access';
import type { LiveProjection } from '@rapport/processing';
import { and, type Document, type Filter, where } from '@rapport/read-models';
import { RUNTIME, type ServiceRuntime } from '@rapport/service-kit';
import { type TeamDocument, teams } from '../records/teams.js';
import { type UserDocument, users } from '../records/users.js';

const PAGE = 500;
const CAUGHT_UP_WITHIN_MILLISECONDS = 5_000;

const provisioned = where('provisioned', '=', true);

/** The users and teams of a tenant that a directory keeps, as the lists have them after all that was written before. */
@Injectable()
export class Directory {
  constructor(@Inject(RUNTIME) private readonly runtime: ServiceRuntime) {}

  async user(tenant: string, id: string): Promise<UserDocument | undefined> {
    const document = await (await this.users()).documents.get(everythingOf(tenant), id);
    return document?.provisioned ? document : undefined;
  }

  /** @param userName in whichever case; all users where it is not given */
  async allUsers(tenant: string, userName?: string): Promise<readonly UserDocument[]> {
    const isOne = userName === undefined ? [] : [where('userNameKey', '=', userName.toLowerCase())];
    return all(await this.users(), tenant, and(provisioned, ...isOne));
  }

  async members(tenant: string, teamId: string): Promise<readonly UserDocument[]> {
    return all(await this.users(), tenant, and(provisioned, where('teamIds', 'has', teamId)));
  }

  async team(tenant: string, id: string): Promise<TeamDocument | undefined> {
    const document = await (await this.teams()).documents.get(everythingOf(tenant), id);
    return document?.provisioned && !document.archived ? document : undefined;
  }

  async allTeams(tenant: string): Promise<readonly TeamDocument[]> {
    return all(await this.teams(), tenant, and(provisioned, where('archived', '=', false)));
  }

  private users(): Promise<LiveProjection<UserDocument>> {
    return this.caughtUp(this.runtime.projection<UserDocument>(users.projection));
  }

  private teams(): Promise<LiveProjection<TeamDocument>> {
    return this.caughtUp(this.runtime.projection<TeamDocument>(teams.projection));
  }

  private async caughtUp<D extends Document>(list: LiveProjection<D>): Promise<LiveProjection<D>> {
    await list.reach(await this.runtime.events.end(), CAUGHT_UP_WITHIN_MILLISECONDS);
    return list;
  }
}

const all = async <D extends Document>(
  { documents }: LiveProjection<D>,
  tenant: string,
  filter: Filter,
): Promise<readonly D[]> => {
  const found: D[] = [];
  for (let cursor: string | undefined = ''; cursor !== undefined;) {
    const page: Awaited<ReturnType<typeof documents.query>> = await documents.query(everythingOf(tenant), {
      ...{ filter, limit: PAGE, sort: [{ field: 'id' }] },
      ...(cursor && { cursor }),
    });
    found.push(...page.documents);
    cursor = page.next;
  }
  return found;
};
