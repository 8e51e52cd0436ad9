import { type Decider, type DomainEvent, missing, UNCHANGED } from '@rapport/kernel';

/** Somebody should know of something. It says where to look and repeats nothing of what is there. */
export type NotificationRaised = DomainEvent<
  'NotificationRaised',
  {
    readonly userId: string;
    readonly kind: string;
    /** Of the record: `opportunity`. */
    readonly object: string;
    readonly recordId: string;
    /** The type of the event that it is about, and when that was stored. */
    readonly what: string;
    readonly at: string;
  }
>;

/** Its user has seen it. */
export type NotificationRead = DomainEvent<'NotificationRead', Record<never, never>>;

/** It went by mail: whoever sees again that it was raised sends nothing. */
export type NotificationMailed = DomainEvent<'NotificationMailed', Record<never, never>>;

export type NotificationEvent = NotificationRaised | NotificationRead | NotificationMailed;

export type Notification = (NotificationRaised['data'] & { readonly read: boolean; readonly mailed: boolean }) | null;

interface NotificationCommands {
  raise: NotificationRaised['data'];
  read: { readonly userId: string };
  mailed: Record<never, never>;
}

const evolve = (state: Notification, event: NotificationEvent): Notification => {
  if (event.type === 'NotificationRaised') return { ...event.data, read: false, mailed: false };
  return state && { ...state, ...(event.type === 'NotificationRead' ? { read: true } : { mailed: true }) };
};

/** Its id follows from the event that it is about and from whom it is for, so that there is one of each. */
export const notification: Decider<Notification, NotificationEvent, NotificationCommands> = {
  aggregate: 'notification',
  events: { NotificationRaised: UNCHANGED, NotificationRead: UNCHANGED, NotificationMailed: UNCHANGED },
  initialState: null,
  evolve,
  decide: {
    raise: (state, data) => (state ? [] : [{ type: 'NotificationRaised', data }]),
    read: (state, { userId }, at) => {
      if (state?.userId !== userId) return missing('notification', at);
      return state.read ? [] : [{ type: 'NotificationRead', data: {} }];
    },
    mailed: (state) => (state && !state.mailed ? [{ type: 'NotificationMailed', data: {} }] : []),
  },
};
