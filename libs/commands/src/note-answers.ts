import { partsOf } from '@rapport/event-store';
import { idFrom } from '@rapport/kernel';
import type { Reaction } from '@rapport/processing';
import { COMMAND, type CommandEvent } from './command.js';
import { type CommandOutcome, request, type RequestState } from './request.js';
import type { RunStep } from './run-step.js';

/** What the asked contexts say has come of a request is noted where it was asked. */
export const noteAnswers = (asked: readonly string[], run: RunStep): Reaction => ({
  name: 'note-answers',
  prefixes: asked.map((context) => `${context}.${COMMAND}-`),
  types: ['CommandDone', 'CommandRefused'],
  react: async (event) => {
    const { id } = partsOf(event.stream);
    const outcome = outcomeIn(event as unknown as CommandEvent);
    const { tenant, actor, correlationId } = event.metadata;
    const decide = (state: RequestState) => request.decide.answer(state, outcome, { at: '', id });
    await run({
      decider: request as never,
      id,
      commandId: idFrom(event.id, 'answer'),
      call: { principal: { tenant, actor, roles: [] }, correlationId, answer: {} },
      steps: [{ name: 'NoteAnswer', input: id, decide }],
    });
    return 'done';
  },
});

const outcomeIn = ({ type, data }: CommandEvent): CommandOutcome => {
  const { command: _, ...rest } = data;
  if (type === 'CommandDone') return { outcome: 'done', result: rest as never };
  return { outcome: 'refused', problem: rest as never };
};
