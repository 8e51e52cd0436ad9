import { contactsV1 } from '@rapport/contracts';
import type { TimeZone } from '@rapport/kernel';
import type { ActivityDocument } from '../records/activities.js';

/** Whether it is overdue depends on when one looks, and where. */
export const judged = (message: contactsV1.Activity, zone: TimeZone, at: string): contactsV1.Activity => {
  if (message.kind !== 'task') return message;
  const { dueOn, status, info } = message;
  const isOpen = status !== 'completed' && !info?.archived;
  return { ...message, overdue: isOpen && dueOn !== undefined && dueOn < zone.dayOf(at) };
};

/** An activity as it is shown, of a document of its list. */
export const activityMessage = (document: ActivityDocument, zone: TimeZone, at: string): contactsV1.Activity => {
  const { revision, createdAt, updatedAt, archived } = document;
  const info = { revision, createdAt, updatedAt, archived };
  return judged(contactsV1.Activity.fromPartial({ ...(document as object), info }), zone, at);
};
