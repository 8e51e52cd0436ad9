import { partsOf, prefixOf } from '@rapport/event-store';
import type { Projection } from '@rapport/processing';
import type { Document } from '@rapport/read-models';
import { type Notification, notification, type NotificationEvent } from '../domain/notification/notification.js';

/** A notification as it is listed. */
export type NotificationDocument = Document & Omit<NonNullable<Notification>, 'mailed'>;

export const notificationList: Projection<NotificationDocument> = {
  declaration: {
    name: 'notifications',
    fields: { id: 'text', userId: 'text', at: 'time', read: 'boolean' },
    indexes: [['userId', 'at']],
  },
  prefixes: [prefixOf(notification.aggregate)],
  fold: (document, event) => {
    const state = notification.evolve(
      document && { ...document, mailed: false },
      event as unknown as NotificationEvent,
    );
    if (!state) return document;
    const { mailed: _, ...shown } = state;
    return { ...shown, id: partsOf(event.stream).id, tenant: event.metadata.tenant, revision: event.revision };
  },
};
