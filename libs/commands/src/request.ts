import { type DomainEvent, type Decider, type EventCatalogue, reject, timer, UNCHANGED } from '@rapport/kernel';

/** What one context asks of another. The event's actor is the one in whose name it runs. */
export interface Asked {
  /** The context that is asked: `contacts`. */
  readonly to: string;
  /** `FindOrCreateAccount`; what there is, the asked context says. */
  readonly command: string;
  /** The record that it is for, whose id is known before. Commands for one record run in the order in which they were asked. */
  readonly record: { readonly aggregate: string; readonly id: string };
  readonly input: object;
  /** What of the input says something about a person, and who that is: sealed with that person's key on every disk. */
  readonly personal?: object;
  readonly person?: string;
  /** From then on it is not run any more. RFC 3339 UTC with milliseconds. */
  readonly expiresAt: string;
}

/** What came of a command that was run. */
export interface CommandResult {
  /** The record that was meant after all: another than the one that was named, where that was found. */
  readonly recordId: string;
  readonly outcome: 'created' | 'updated' | 'unchanged';
}

/** Why it was not: a stable code, and a pointer into the input. No sentence, which might repeat what was asked. */
export interface CommandProblem {
  readonly code: string;
  readonly pointer?: string;
}

export type CommandOutcome =
  | { readonly outcome: 'done'; readonly result: CommandResult }
  | { readonly outcome: 'refused'; readonly problem: CommandProblem };

/** In the asker's own store, `request-<tenant>-<command id>`. */
export type RequestEvent =
  | DomainEvent<'CommandRequested', Asked>
  | DomainEvent<'CommandAnswered', CommandOutcome>
  | DomainEvent<'CommandUnanswered', Record<string, never>>;

export type RequestState =
  (Pick<Asked, 'to' | 'command' | 'person'> & { readonly answer: 'none' | 'unanswered' | CommandOutcome }) | null;

export interface RequestCommands {
  ask: Asked;
  answer: CommandOutcome;
  giveUp: Record<string, never>;
}

export const REQUEST = 'request';

const events: EventCatalogue<RequestEvent> = {
  CommandRequested: UNCHANGED,
  CommandAnswered: UNCHANGED,
  CommandUnanswered: UNCHANGED,
};

const evolve = (state: RequestState, event: RequestEvent): RequestState => {
  if (event.type === 'CommandRequested') {
    const { to, command, person } = event.data;
    return { to, command, ...(person === undefined ? {} : { person }), answer: 'none' };
  }
  if (!state) return state;
  return { ...state, answer: event.type === 'CommandAnswered' ? event.data : 'unanswered' };
};

export const request: Decider<RequestState, RequestEvent, RequestCommands> = {
  aggregate: REQUEST,
  events,
  initialState: null,
  evolve,
  decide: {
    ask: (state, asked) => {
      if (state) return [];
      if (asked.personal && asked.person === undefined) return NOBODY_NAMED;
      return [{ type: 'CommandRequested', data: asked }];
    },
    // One that comes after all is better than none; whoever did not ask has no use for it.
    answer: (state, outcome) =>
      state && typeof state.answer === 'string' ? [{ type: 'CommandAnswered', data: outcome }] : [],
    giveUp: (state) => (state?.answer === 'none' ? [{ type: 'CommandUnanswered', data: {} }] : []),
  },
};

const NOBODY_NAMED = reject(
  'invalid',
  'nobody-named',
  'A request that says something about a person names that person. Give the id.',
  '/person',
);

/** So long after a command cannot run any more its outcome may be on its way. */
export const OUTCOME_WITHIN_MILLISECONDS = 60_000;

/** Waiting ends, whatever has become of the asked context. */
export const answerDeadline = timer<RequestState, RequestEvent>({
  decider: request,
  name: 'answer-deadline',
  dueAt: (event) =>
    event.type === 'CommandRequested'
      ? new Date(Date.parse(event.data.expiresAt) + OUTCOME_WITHIN_MILLISECONDS).toISOString()
      : undefined,
  decide: (state, _, circumstances) => request.decide.giveUp(state, {}, circumstances),
});

/** Whom a request is about, for the store that seals. */
export const personalInRequests = [{ name: 'personal', about: 'person' }] as const;
