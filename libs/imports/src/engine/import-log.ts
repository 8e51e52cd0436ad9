import { type EventStore, streamName } from '@rapport/event-store';
import {
  type CallContext,
  DomainError,
  fold,
  newId,
  type NewEvent,
  type Position,
  reject,
  type RecordedEvent,
  START,
  versionOf,
} from '@rapport/kernel';
import { appendExactly } from '@rapport/service-kit';
import { importDecider } from '../domain/import.js';
import type { ImportCommands } from '../domain/import.decide.js';
import type { ImportEvent } from '../domain/import.events.js';
import {
  IMPORT_ROWS,
  type ImportPhase,
  importRowsEvents,
  type ImportRowsRecorded,
  type RowRecord,
} from '../domain/import-rows.events.js';
import type { ImportState } from '../domain/import-state.js';
import { type AnyDecider, callOf, type OrderedStep, type RunSteps, type StepsOutcome } from './commands.js';
import { BEGINNINGS } from './import-statuses.js';

/** Rows in one event: small enough for the store's limit also when all of them have problems. */
const ROWS_PER_EVENT = 500;
const FAILED_ROWS_PER_EVENT = 100;

/** An import as its stream tells it. */
export interface LoadedImport {
  readonly state: ImportState;
  readonly events: readonly RecordedEvent[];
}

/** The two streams of every import: what happened to it, and what became of its rows. */
export class ImportLog {
  constructor(
    private readonly events: EventStore,
    private readonly run: RunSteps,
  ) {}

  /** @throws DomainError `import-not-found` */
  async load(tenant: string, id: string): Promise<LoadedImport> {
    const events: RecordedEvent[] = [];
    for await (const event of this.events.read(streamName(importDecider.aggregate, tenant, id))) events.push(event);
    const state = fold(importDecider, events as unknown as ImportEvent[]);
    if (!state)
      throw new DomainError('not-found', 'import-not-found', `There is no import ${id}. Check the id, or list them.`);
    return { state, events };
  }

  /** @param inPhaseOf the revision of an event: refused where another phase has begun after it */
  async execute<C extends keyof ImportCommands>(
    id: string,
    command: C,
    input: ImportCommands[C],
    call: CallContext,
    inPhaseOf = Infinity,
  ): Promise<StepsOutcome> {
    const decide = importDecider.decide[command];
    const step: OrderedStep = {
      name: `${command}Import`,
      input,
      decide: (state, at, history) =>
        history.slice(inPhaseOf + 1).some(({ type }) => BEGINNINGS.has(type))
          ? reject('conflict', 'import-not-active', 'Another phase of the import has begun.')
          : decide(state as ImportState | null, input, at),
    };
    return this.run({ decider: importDecider as unknown as AnyDecider, id, steps: [step], call });
  }

  /** Appends what became of rows; a crash before the next checkpoint may append some of them once more. */
  async recordRows(tenant: string, id: string, phase: ImportPhase, rows: readonly RowRecord[]): Promise<void> {
    const failed = rows.filter(({ problems }) => problems !== undefined).length;
    const size = failed > FAILED_ROWS_PER_EVENT ? FAILED_ROWS_PER_EVENT : ROWS_PER_EVENT;
    const events: NewEvent[] = [];
    for (let at = 0; at < rows.length; at += size) events.push(rowsEvent(tenant, id, phase, rows.slice(at, at + size)));
    await appendExactly(this.events, streamName(IMPORT_ROWS, tenant, id), events, 'any');
  }

  async *rows(tenant: string, id: string): AsyncGenerator<ImportRowsRecorded['data'], void, undefined> {
    for await (const { data } of this.events.read(streamName(IMPORT_ROWS, tenant, id)))
      yield data as ImportRowsRecorded['data'];
  }

  /** Where the last rows stand, for read models to reach. */
  async rowsPosition(tenant: string, id: string): Promise<Position> {
    const backwards = { direction: 'backwards', limit: 1 } as const;
    for await (const { position } of this.events.read(streamName(IMPORT_ROWS, tenant, id), backwards)) return position;
    return START;
  }
}

const rowsEvent = (
  tenant: string,
  id: string,
  phase: ImportPhase,
  rows: readonly RowRecord[],
): NewEvent<ImportRowsRecorded> => {
  const { principal, correlationId } = callOf(tenant, id);
  const eventId = newId();
  return {
    id: eventId,
    type: 'ImportRowsRecorded',
    data: { phase, rows },
    metadata: {
      tenant,
      actor: principal.actor,
      correlationId,
      commandId: eventId,
      occurredAt: new Date().toISOString(),
      schemaVersion: versionOf(importRowsEvents, 'ImportRowsRecorded'),
    },
  };
};
