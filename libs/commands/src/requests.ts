import { type EventStore, prefixOf, streamName } from '@rapport/event-store';
import { type CallContext, checkTenant, fold, idFrom, type RecordedEvent } from '@rapport/kernel';
import { type Asked, type CommandOutcome, REQUEST, request, type RequestEvent, type RequestState } from './request.js';
import type { RunStep } from './run-step.js';

/** What has come of a request; `unanswered` when its deadline passed. */
export type Answer = CommandOutcome | { readonly outcome: 'unanswered' };

/** What a context asks of others, and what they answer. */
export class Requests {
  /** @param events as they are stored: nothing that is sealed is read */
  constructor(
    private readonly events: EventStore,
    private readonly run: RunStep,
  ) {}

  /** Asks once, however often it is called with the same id. Resolves once that is stored; what comes of it follows. */
  async ask(commandId: string, asked: Asked, call: CallContext): Promise<void> {
    const decide = (state: RequestState) => request.decide.ask(state, asked, { at: '', id: commandId });
    await this.run({
      decider: request as never,
      id: commandId,
      commandId: idFrom(commandId, 'ask'),
      call,
      steps: [{ name: `Ask${asked.command}`, input: commandId, decide }],
    });
  }

  /** What has come of it so far; undefined when it was never asked or is not answered yet. */
  async answer(tenant: string, commandId: string): Promise<Answer | undefined> {
    const history: RecordedEvent[] = [];
    for await (const event of this.events.read(streamName(REQUEST, tenant, commandId))) history.push(event);
    const state = fold(request, history as unknown as readonly RequestEvent[]);
    if (!state || state.answer === 'none') return undefined;
    return state.answer === 'unanswered' ? { outcome: 'unanswered' } : state.answer;
  }

  /** Resolves once each is answered, by the asked context or by its deadline. Rejects with the signal's reason. */
  async answers(
    tenant: string,
    commandIds: readonly string[],
    signal: AbortSignal,
  ): Promise<ReadonlyMap<string, Answer>> {
    const found = new Map<string, Answer>();
    const look = async (ids: Iterable<string>): Promise<void> => {
      for (const id of ids) {
        const answer = await this.answer(tenant, id);
        if (answer) found.set(id, answer);
      }
    };
    const after = await this.events.end();
    await look(new Set(commandIds));
    const waiting = new Set(commandIds.filter((id) => !found.has(id)));
    if (waiting.size === 0) return found;
    const enough = new AbortController();
    const prefix = `${REQUESTS}${checkTenant(tenant)}-`;
    const until = AbortSignal.any([signal, enough.signal]);
    for await (const page of this.events.follow({ prefixes: [prefix], after, signal: until })) {
      const answered = page.events.map(({ stream }) => stream.slice(prefix.length)).filter((id) => waiting.has(id));
      await look(new Set(answered));
      for (const id of found.keys()) waiting.delete(id);
      if (waiting.size === 0) break;
    }
    enough.abort();
    if (waiting.size > 0) signal.throwIfAborted();
    return found;
  }
}

/** Streams of what is asked, in an asker's store. */
export const REQUESTS = prefixOf(REQUEST);
