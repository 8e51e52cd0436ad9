import type { ServedCommand } from '@rapport/commands';
import { NOTIFY, noticeIn, type Provided } from '@rapport/service-kit';
import { Notifications } from './notifications.js';

/** What contexts ask: that somebody hears of something there. Nobody hears of what they did themselves. */
export const notifyCommand = (provided: Provided): Readonly<Record<typeof NOTIFY, ServedCommand>> => ({
  [NOTIFY]: {
    from: ['contacts', 'sales'],
    run: async (asked, call) => {
      const { to, ...news } = noticeIn(asked);
      const notifications = provided(Notifications);
      const { tenant, actor } = call.principal;
      const { id } = asked.record;
      const userId = await notifications.userOf(tenant, to);
      const isOwn = news.kind === 'assigned' && (userId === actor.id || userId === actor.onBehalfOf);
      const isTold = userId !== undefined && !isOwn && (await notifications.raise(id, userId, news, call));
      return { recordId: id, outcome: isTold ? 'created' : 'unchanged' };
    },
  },
});
