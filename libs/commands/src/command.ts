import { type Decider, type DomainEvent, type EventCatalogue, UNCHANGED } from '@rapport/kernel';
import type { Asked, CommandProblem, CommandResult } from './request.js';

/** In the asked context's own store, `command-<tenant>-<command id>`: what was asked, by whom, and what came of it. */
export type CommandEvent =
  | DomainEvent<'CommandReceived', Asked & { readonly from: string }>
  | DomainEvent<'CommandDone', CommandResult & { readonly command: string }>
  | DomainEvent<'CommandRefused', CommandProblem & { readonly command: string }>;

/** The command's name while nothing has come of it. */
export type CommandState = { readonly command: string; readonly ended: boolean } | null;

export interface CommandCommands {
  finish: CommandResult;
  refuse: CommandProblem;
}

export const COMMAND = 'command';

const events: EventCatalogue<CommandEvent> = {
  CommandReceived: UNCHANGED,
  CommandDone: UNCHANGED,
  CommandRefused: UNCHANGED,
};

/** It comes to one end, whoever says so first. */
export const command: Decider<CommandState, CommandEvent, CommandCommands> = {
  aggregate: COMMAND,
  events,
  initialState: null,
  evolve: (state, event) => {
    if (event.type === 'CommandReceived') return { command: event.data.command, ended: false };
    return state && { ...state, ended: true };
  },
  decide: {
    finish: (state, result) =>
      state && !state.ended ? [{ type: 'CommandDone', data: { command: state.command, ...result } }] : [],
    refuse: (state, problem) =>
      state && !state.ended ? [{ type: 'CommandRefused', data: { command: state.command, ...problem } }] : [],
  },
};

/** What other contexts hear of it: what was asked is no business of theirs, what came of it is the asker's. */
export const commandPublishes = {
  CommandReceived: (): undefined => undefined,
  CommandDone: ({ data }: { readonly data: object }) => ({ type: 'CommandDone', data }),
  CommandRefused: ({ data }: { readonly data: object }) => ({ type: 'CommandRefused', data }),
};
