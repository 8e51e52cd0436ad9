import {
  type DomainEvent,
  type EventCatalogue,
  recordEvents,
  type RecordEvent,
  type Sharable,
  UNCHANGED,
} from '@rapport/kernel';

/** What is known of an activity; the names are the contract's, which also says whom each field is about. */
export interface ActivityFields extends Sharable {
  /** `note`, `call`, `meeting`, `task`. */
  readonly kind: string;
  readonly subject?: string;
  readonly text?: string;
  readonly related?: readonly RelatedRecord[];
  readonly ownerId?: string;
  readonly teamId?: string;
  readonly tags?: readonly string[];
  readonly pinned?: boolean;
  /** Ids of users. */
  readonly mentions?: readonly string[];
  /** Instants: RFC 3339 UTC with milliseconds. */
  readonly at?: string;
  readonly endsAt?: string;
  readonly direction?: string;
  readonly outcome?: string;
  readonly durationSeconds?: number;
  readonly place?: string;
  readonly participants?: readonly Participant[];
  readonly status?: string;
  /** `2026-03-02` */
  readonly dueOn?: string;
  readonly remindAt?: string;
  readonly priority?: string;
  /** A rule of RFC 5545. */
  readonly recurrence?: string;
}

export interface RelatedRecord {
  /** `contact`, `account`, `opportunity`, `lead`. */
  readonly kind: string;
  readonly id: string;
}

export interface Participant {
  readonly contactId?: string;
  readonly userId?: string;
  readonly attendance?: string;
}

/** What follows of what happened to it. */
export interface ActivityOutcome {
  readonly completedAt?: string;
  /** The task that it came of. */
  readonly followsId?: string;
  /** The people that it is about: contacts and leads. */
  readonly contactIds?: readonly string[];
}

type Nothing = Record<string, never>;

export type TaskCompleted = DomainEvent<'TaskCompleted', { readonly completedAt: string }>;
export type TaskReopened = DomainEvent<'TaskReopened', Nothing>;
/** The moment has come at which whoever it belongs to wanted to be reminded, and it was to be done still. */
export type TaskReminded = DomainEvent<'TaskReminded', { readonly remindAt: string }>;
export type MeetingHeld = DomainEvent<'MeetingHeld', Nothing>;
export type MeetingNotHeld = DomainEvent<'MeetingNotHeld', Nothing>;

/** ActivityCreated, ActivityEdited, ActivityArchived, ActivityRestored, ActivityChangeUndone, and what is said of some kinds alone. */
export type ActivityEvent =
  | RecordEvent<'Activity', ActivityFields & ActivityOutcome>
  | TaskCompleted
  | TaskReopened
  | TaskReminded
  | MeetingHeld
  | MeetingNotHeld;

export const activityEvents: EventCatalogue<ActivityEvent> = {
  ...(recordEvents('Activity') as EventCatalogue<RecordEvent<'Activity', ActivityFields & ActivityOutcome>>),
  TaskCompleted: UNCHANGED,
  TaskReopened: UNCHANGED,
  TaskReminded: UNCHANGED,
  MeetingHeld: UNCHANGED,
  MeetingNotHeld: UNCHANGED,
};
