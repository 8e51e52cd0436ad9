import { type EventStore, InMemoryBookkeeping, InMemoryEventStore, streamName } from '@rapport/event-store';
import {
  type CallContext,
  type Circumstances,
  fixedClock,
  newId,
  type RecordedEvent,
  recordDecider,
} from '@rapport/kernel';
import { Intake } from '../intake.js';
import type { Asked } from '../request.js';
import { commandRunner, type AskedCommand, type ServedCommand } from '../runner.js';
import { runStepOn } from './run-step-on.js';

export const TENANT = 'main';
export const account = recordDecider<'Account', { readonly owner: string }>('account', 'Account');

export const callBy = (id = 'ada'): CallContext => ({
  principal: { tenant: TENANT, actor: { kind: 'import', id: 'i1', onBehalfOf: id }, roles: [] },
  correlationId: 'c1',
  answer: {},
});

export const clock = fixedClock('2026-03-01T12:00:00.000Z');

export const toOpen = (owner: string, id = newId(), more: Partial<Asked> = {}): Asked => ({
  to: 'bank',
  command: 'OpenAccount',
  record: { aggregate: 'account', id },
  input: { owner },
  expiresAt: '2026-03-01T13:00:00.000Z',
  ...more,
});

/** A context that opens accounts for the shop. */
export class Bank {
  readonly intake: Intake;
  /** Calls of the served command, in their order. */
  readonly calls: AskedCommand[] = [];
  /** What goes wrong before anything is done. */
  fails: (asked: AskedCommand) => Promise<void> = async () => undefined;
  /** What goes wrong after it was done. */
  failsAfterwards: () => Promise<void> = async () => undefined;
  readonly told: unknown[] = [];

  constructor(
    /** With personal fields readable. */
    readonly events: EventStore = new InMemoryEventStore(),
    readonly stored: EventStore = events,
    readonly books = new InMemoryBookkeeping(),
  ) {
    this.intake = new Intake('bank', stored);
  }

  /** Runs everything that is there, from the last checkpoint on. */
  async runAll(): Promise<void> {
    const { events, books, told } = this;
    const run = runStepOn(events);
    const served = { OpenAccount: this.openAccount() };
    const trouble = (_: string, failure: unknown): void => void told.push(failure);
    const runner = commandRunner({ served, events, books, run, clock, trouble });
    runner.start();
    await runner.progress.reach(await events.end(), 20_000);
    await runner.stop();
  }

  private openAccount(): ServedCommand {
    return {
      from: ['shop'],
      run: async (asked, call) => {
        this.calls.push(asked);
        await this.fails(asked);
        const { commandId, record, input } = asked;
        const decide = (state: never, at: Circumstances) =>
          account.decide.create(state, { owner: String(input['owner']) }, at);
        const steps = [{ name: 'OpenAccount', input, decide }] as const;
        await runStepOn(this.events)({ decider: account as never, id: record.id, commandId, call, steps });
        await this.failsAfterwards();
        return { recordId: record.id, outcome: 'created' };
      },
    };
  }

  read(stream: string): Promise<readonly RecordedEvent[]> {
    return eventsOf(this.events, stream);
  }

  /** What came of a command, in its own stream. */
  async outcome(commandId: string): Promise<readonly (readonly [string, object])[]> {
    const events = await this.read(streamName('command', TENANT, commandId));
    return events.slice(1).map(({ type, data }) => [type, data]);
  }
}

export const eventsOf = async (events: EventStore, stream: string): Promise<readonly RecordedEvent[]> => {
  const all: RecordedEvent[] = [];
  for await (const event of events.read(stream)) all.push(event);
  return all;
};
