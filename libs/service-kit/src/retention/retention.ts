import { type Decider, type DomainEvent, reject, timer, UNCHANGED } from '@rapport/kernel';

/** How long records of a kind are kept untouched, and what becomes of them then. */
export interface RetentionPolicy {
  /** `contact` */
  readonly object: string;
  readonly action: 'archive' | 'erase';
  /** Since their last change. */
  readonly days: number;
  /** Only of those that are archived: users who left. */
  readonly archivedOnly: boolean;
}

/** What became of the records that were too old. */
export interface RetentionCounts {
  readonly done: number;
  /** Stand on legal hold. */
  readonly held: number;
  /** Changed meanwhile, or kept by a rule of their own. */
  readonly kept: number;
}

export const NO_COUNTS: RetentionCounts = { done: 0, held: 0, kept: 0 };

/** Records of a kind that were last changed before a moment. */
export type RetentionOrder = RetentionPolicy & { readonly before: string };

export type RetentionPolicySet = DomainEvent<
  'RetentionPolicySet',
  RetentionPolicy & {
    /** When all policies are carried out next. */
    readonly nextRunAt: string;
  }
>;
export type RetentionPolicyRemoved = DomainEvent<
  'RetentionPolicyRemoved',
  { readonly object: string; readonly isLast: boolean }
>;
/** The cause of everything that is done because of a policy. */
export type RetentionRunBegun = DomainEvent<'RetentionRunBegun', { readonly policies: readonly RetentionOrder[] }>;
export type RetentionProgressed = DomainEvent<
  'RetentionProgressed',
  { readonly object: string; readonly counts: RetentionCounts; readonly cursor?: string }
>;
export type RetentionRunFinished = DomainEvent<'RetentionRunFinished', { readonly nextRunAt: string | null }>;

export type RetentionEvent =
  RetentionPolicySet | RetentionPolicyRemoved | RetentionRunBegun | RetentionProgressed | RetentionRunFinished;

/** How far a run has come with the records of a kind; without a cursor it has seen all of them. */
export interface RetentionProgress {
  readonly counts: RetentionCounts;
  readonly cursor?: string;
}

export interface RetentionRun {
  readonly policies: readonly RetentionOrder[];
  readonly progress: Readonly<Record<string, RetentionProgress>>;
}

/** The policies of a tenant in one context, and what the last run came to. */
export type RetentionState = {
  readonly policies: Readonly<Record<string, RetentionPolicy>>;
  readonly nextRunAt: string | null;
  readonly run?: RetentionRun;
  readonly last?: RetentionRun;
} | null;

export interface RetentionCommands {
  set: RetentionPolicySet['data'];
  remove: { readonly object: string };
  begin: Record<never, never>;
  progress: RetentionProgressed['data'];
  finish: { readonly nextRunAt: string };
}

const DAY_MILLISECONDS = 24 * 3_600_000;

const evolve = (state: RetentionState, event: RetentionEvent): RetentionState => {
  const before = state ?? { policies: {}, nextRunAt: null };
  switch (event.type) {
    case 'RetentionPolicySet': {
      const { nextRunAt, ...policy } = event.data;
      return { ...before, policies: { ...before.policies, [policy.object]: policy }, nextRunAt };
    }
    case 'RetentionPolicyRemoved': {
      const { [event.data.object]: _, ...policies } = before.policies;
      return { ...before, policies, nextRunAt: event.data.isLast ? null : before.nextRunAt };
    }
    case 'RetentionRunBegun':
      return { ...before, run: { policies: event.data.policies, progress: {} } };
    case 'RetentionProgressed': {
      const { object, ...progress } = event.data;
      const { run } = before;
      return run ? { ...before, run: { ...run, progress: { ...run.progress, [object]: progress } } } : before;
    }
    case 'RetentionRunFinished': {
      const { run, ...rest } = before;
      return { ...rest, nextRunAt: event.data.nextRunAt, ...(run && { last: run }) };
    }
  }
};

/** What is kept for how long. All policies of a tenant are decided on in one stream: no kind of record has two. */
export const retention: Decider<RetentionState, RetentionEvent, RetentionCommands> = {
  aggregate: 'retention',
  events: {
    RetentionPolicySet: UNCHANGED,
    RetentionPolicyRemoved: UNCHANGED,
    RetentionRunBegun: UNCHANGED,
    RetentionProgressed: UNCHANGED,
    RetentionRunFinished: UNCHANGED,
  },
  initialState: null,
  evolve,
  decide: {
    set: (state, data) => {
      const known = state?.policies[data.object];
      if (!known) return [{ type: 'RetentionPolicySet', data }];
      const message = `There is a policy for ${data.object} already: ${told(known)}. A kind of record has one: remove it first.`;
      return reject('conflict', 'policy-exists', message, '/object');
    },
    remove: (state, { object }) => {
      const policies = Object.keys(state?.policies ?? {});
      if (!policies.includes(object))
        return reject('not-found', 'policy-not-found', `There is no policy for "${object}". List them.`);
      return [{ type: 'RetentionPolicyRemoved', data: { object, isLast: policies.length === 1 } }];
    },
    begin: (state, _, { at }) => {
      const policies = Object.values(state?.policies ?? {});
      if (policies.length === 0) return reject('not-found', 'no-policies', 'There is no policy to carry out. Set one.');
      if (state?.run)
        return reject('conflict', 'retention-running', 'The policies are being carried out. Wait until that is done.');
      const orders = policies.map((policy) => ({ ...policy, before: daysBefore(at, policy.days) }));
      return [{ type: 'RetentionRunBegun', data: { policies: orders } }];
    },
    progress: (state, data) => (state?.run ? [{ type: 'RetentionProgressed', data }] : []),
    finish: (state, { nextRunAt }) => {
      if (!state?.run) return [];
      const isNext = Object.keys(state.policies).length > 0;
      return [{ type: 'RetentionRunFinished', data: { nextRunAt: isNext ? nextRunAt : null } }];
    },
  },
};

export const told = ({ action, days, archivedOnly }: RetentionPolicy): string =>
  `${action} ${archivedOnly ? 'what is archived and ' : ''}after ${days} days without a change`;

export const daysBefore = (at: string, days: number): string =>
  new Date(Date.parse(at) - days * DAY_MILLISECONDS).toISOString();

/** Once a day, a day after the last time. */
export const nextRunAfter = (now: Date): string => new Date(now.getTime() + DAY_MILLISECONDS).toISOString();

/** Policies are carried out by themselves. */
export const retentionTimer = timer<RetentionState, RetentionEvent>({
  decider: retention,
  name: 'retention-run',
  dueAt: (event) => {
    if (event.type === 'RetentionPolicySet' || event.type === 'RetentionRunFinished') return event.data.nextRunAt;
    if (event.type === 'RetentionPolicyRemoved') return event.data.isLast ? null : undefined;
    return event.type === 'RetentionRunBegun' ? null : undefined;
  },
  decide: (state, _, circumstances) => retention.decide.begin(state, {}, circumstances),
});
