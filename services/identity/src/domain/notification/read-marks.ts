import { type Decider, type DomainEvent, UNCHANGED } from '@rapport/kernel';

/** Everything that there was up to then has been seen. */
export type NotificationsRead = DomainEvent<
  'NotificationsRead',
  {
    /** RFC 3339 UTC. */
    readonly upTo: string;
  }
>;

export interface ReadMarks {
  readonly upTo: string;
}

interface ReadMarksCommands {
  read: { readonly upTo: string };
}

/** One of each user, called by the user's id: thousands of notifications are marked by one fact. */
export const readMarks: Decider<ReadMarks, NotificationsRead, ReadMarksCommands> = {
  aggregate: 'readMarks',
  events: { NotificationsRead: UNCHANGED },
  initialState: { upTo: '' },
  evolve: (state, event) => (event.type === 'NotificationsRead' ? event.data : state),
  decide: {
    read: (state, data) => (data.upTo > state.upTo ? [{ type: 'NotificationsRead', data }] : []),
  },
};
