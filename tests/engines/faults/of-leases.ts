import { expect } from '@jest/globals';
import type { Api } from '../../journeys/support/api.js';
import { eventually } from '../../journeys/support/eventually.js';
import type { Fault } from './trial.js';

interface FollowerView {
  readonly name: string;
  readonly owner?: string;
}

const followersOf = async (api: Api): Promise<readonly FollowerView[]> =>
  (await api.get<{ data: readonly FollowerView[] }>('/v1/operations/contacts/followers')).data;

/** The replica that keeps the accounts' list is killed, and does not come back before another has taken over. */
export const killedOwner: Fault = {
  name: 'the death of a follower’s owner',
  happen: async ({ api, assembly, at }) => {
    await at(0.3);
    // Of one answer: another replica may know of another owner already.
    const before = await followersOf(api);
    const list = before.find(({ name, owner }) => name.startsWith('accounts@') && owner !== undefined)!;
    const owner = assembly.of('contacts').find(({ pid }) => list.owner!.endsWith(`/${pid}`))!;
    const owned = before.filter(({ owner: name }) => name === list.owner).map(({ name }) => name);
    const killed = performance.now();
    await owner.kill();
    // Some follow in every replica and have no owner: only what was owned has to move.
    const lost = ({ name, owner: by }: FollowerView): boolean =>
      owned.includes(name) && (by === undefined || by === list.owner);
    const asked = async (): Promise<readonly FollowerView[]> => followersOf(api).catch(() => [list]);
    // Ten seconds are promised; how long it took is told with the outcome, for a slow machine fails no test.
    await eventually(asked, (all) => !all.some(lost), 60_000);
    const moved = Math.round(performance.now() - killed);
    await owner.start();
    expect(owned.length).toBeGreaterThan(0);
    return `${owned.length} followers moved in ${moved} ms`;
  },
};
