import { type Bookkeeping, type EventStore, type Page, partsOf, prefixOf } from '@rapport/event-store';
import { type CallContext, type Clock, DomainError, idFrom, type RecordedEvent } from '@rapport/kernel';
import { backoff, checkpointBeside, Follower, pause, type PageOutcome, type Trouble } from '@rapport/processing';
import { recordOf } from './carried-request.js';
import { COMMAND, command, type CommandEvent, type CommandState } from './command.js';
import type { CommandProblem, CommandResult } from './request.js';
import type { RunStep } from './run-step.js';

/** A command that others may ask for. */
export interface ServedCommand {
  /** The contexts that may. */
  readonly from: readonly string[];
  /**
   * Does what is asked, by the service's write path and under the command's id, so that it is done once however often it is
   * called. A DomainError is a refusal, unless something is only away for now.
   */
  run(asked: AskedCommand, call: CallContext): Promise<CommandResult>;
}

export interface AskedCommand {
  readonly commandId: string;
  readonly record: { readonly aggregate: string; readonly id: string };
  /** With what was sealed put back. */
  readonly input: Readonly<Record<string, unknown>>;
}

export interface RunnerParts {
  readonly served: Readonly<Record<string, ServedCommand>>;
  /** Events with their personal fields readable. */
  readonly events: EventStore;
  readonly books: Bookkeeping;
  readonly run: RunStep;
  readonly clock: Clock;
  readonly trouble?: Trouble;
}

/** What only one of a service's processes does at a time, as its lease is called. */
export const COMMANDS = 'commands';

/** Commands for different records that run at the same time. */
const AT_ONCE = 16;

/** Failures that are nobody's answer, before the last of them is one. */
const FAILURES = 5;

/** Runs what was received, for each record in its order, and writes down what came of it. */
export const commandRunner = (parts: RunnerParts): Follower => {
  const { events, books, trouble } = parts;
  const runner = new Runner(parts);
  return new Follower(events, {
    name: COMMANDS,
    prefixes: [prefixOf(COMMAND)],
    checkpoint: checkpointBeside(books, COMMANDS),
    handle: (page, signal) => runner.handle(page, signal),
    ...(trouble ? { trouble } : {}),
  });
};

type Received = RecordedEvent<Extract<CommandEvent, { type: 'CommandReceived' }>>;

class Runner {
  constructor(private readonly parts: RunnerParts) {}

  async handle({ events }: Page, signal: AbortSignal): Promise<PageOutcome> {
    const commands = events.filter(({ type }) => type === 'CommandReceived') as readonly Received[];
    const queues = [...Map.groupBy(commands, ({ data, metadata }) => recordOf(data, metadata.tenant)).values()];
    const worker = async (): Promise<void> => {
      for (let queue = queues.shift(); queue && !signal.aborted; queue = queues.shift())
        for (const received of queue) if (!signal.aborted) await this.settle(received, signal);
    };
    const settled = await Promise.allSettled(Array.from({ length: AT_ONCE }, worker));
    for (const one of settled) if (one.status === 'rejected') throw one.reason;
    return signal.aborted ? 'unfinished' : 'nothing';
  }

  private async settle(received: Received, signal: AbortSignal): Promise<void> {
    if (await this.hasEnded(received)) return;
    for (let failures = 0, attempt = 1; !signal.aborted; attempt += 1) {
      try {
        const done = await this.done(received);
        return await this.end(received, done);
      } catch (failure) {
        this.parts.trouble?.(COMMANDS, failure, attempt);
        const isAway = failure instanceof DomainError && AWAY.has(failure.kind);
        if (!isAway) failures += 1;
        if (failures >= FAILURES) return this.end(received, problemOf(failure));
        await pause(backoff(attempt), signal);
      }
    }
  }

  /** What comes of it, a refusal included. @throws whatever kept it from being decided */
  private async done(received: Received): Promise<CommandResult | CommandProblem> {
    const { data, metadata, stream } = received;
    const served = Object.hasOwn(this.parts.served, data.command) ? this.parts.served[data.command] : undefined;
    if (!served) return { code: 'unknown-command' };
    if (!served.from.includes(data.from)) return { code: 'not-served' };
    // What it was about can be read no more.
    if (metadata.erased) return { code: 'person-erased' };
    if (this.parts.clock.now().toISOString() >= data.expiresAt && !(await this.hasRun(received)))
      return { code: 'expired' };
    const { record, input, personal } = data;
    const asked = { commandId: partsOf(stream).id, record, input: { ...input, ...personal } };
    try {
      return await served.run(asked, callOf(received));
    } catch (failure) {
      if (isRefusal(failure)) return problemOf(failure);
      throw failure;
    }
  }

  /** It was killed after it had done its work, and before it could say so. */
  private async hasRun({ data, metadata, stream }: Received): Promise<boolean> {
    const { id } = partsOf(stream);
    for await (const event of this.parts.events.read(recordOf(data, metadata.tenant)))
      if (event.metadata.commandId === id) return true;
    return false;
  }

  private async hasEnded({ stream }: Received): Promise<boolean> {
    for await (const _ of this.parts.events.read(stream, { from: 1, limit: 1 })) return true;
    return false;
  }

  private async end(received: Received, outcome: CommandResult | CommandProblem): Promise<void> {
    const { id } = partsOf(received.stream);
    const circumstances = { at: '', id };
    const decide = (state: CommandState) =>
      'code' in outcome
        ? command.decide.refuse(state, outcome, circumstances)
        : command.decide.finish(state, outcome, circumstances);
    await this.parts.run({
      decider: command as never,
      id,
      commandId: idFrom(id, 'end'),
      call: callOf(received),
      steps: [{ name: `End${received.data.command}`, input: id, decide }],
    });
  }
}

const REFUSALS: ReadonlySet<string> = new Set([
  'invalid',
  'not-found',
  'already-exists',
  'conflict',
  'gone',
  'forbidden',
  'too-large',
]);

/** Somebody's "no", as opposed to something that went wrong. */
export const isRefusal = (failure: unknown): failure is DomainError =>
  failure instanceof DomainError && REFUSALS.has(failure.kind);

/** It is waited for, until the command has expired. */
const AWAY: ReadonlySet<string> = new Set(['unavailable', 'not-caught-up', 'storage-full', 'rate-limited']);

const problemOf = (failure: unknown): CommandProblem => {
  if (!(failure instanceof DomainError)) return { code: 'internal' };
  const pointer = failure.details.fields?.[0]?.pointer;
  return { code: failure.code, ...(pointer === undefined ? {} : { pointer }) };
};

/** In the name of whoever it was asked for. */
const callOf = ({ metadata }: Received): CallContext => ({
  principal: { tenant: metadata.tenant, actor: metadata.actor, roles: [] },
  correlationId: metadata.correlationId,
  ...(metadata.traceparent === undefined ? {} : { traceparent: metadata.traceparent }),
  answer: {},
});
