import { CommandBus } from '@nestjs/cqrs';
import { everythingOf } from '@rapport/access';
import type { AskedCommand, CommandResult, ServedCommand } from '@rapport/commands';
import { streamName } from '@rapport/event-store';
import {
  type CallContext,
  type Circumstances,
  type Decision,
  DomainError,
  type DomainEvent,
  idFrom,
  type RecordedEvent,
  undo,
} from '@rapport/kernel';
import { type Document, or, type Query, type QueryPage, where } from '@rapport/read-models';
import { RunCommand, type Step } from '../commands/run-command.js';
import type { Provided } from '../service/service-definition.js';
import type { ServiceRuntime } from '../service/service-runtime.js';
import { RUNTIME } from '../service/tokens.js';
import type { AnyRecord } from '../service/served-record.js';

const PAGE = 200;
/** So that pages go on where they ended, while records leave the list. */
const BY_ID = { field: 'id', descending: false };
const CAUGHT_UP_WITHIN_MILLISECONDS = 5_000;

interface Owned {
  readonly ownerId?: string;
  readonly archived: boolean;
}

/** Whether a record is over and done with: whose it was then is a part of what it says. */
export type IsDone = (state: object) => boolean;

type Change = (id: string) => Promise<Step<Owned | null, DomainEvent> | undefined>;

/**
 * Commands that identity asks for when somebody leaves: records of these kinds go from one owner to another, each by an ordinary
 * change of its own, and back.
 * @param isDone of records that stay with whom they were
 */
export const handOver = (
  provided: Provided,
  kinds: readonly AnyRecord[],
  isDone: IsDone = () => false,
): Readonly<Record<'HandOver' | 'TakeBack', ServedCommand>> => {
  const served = (run: (kind: AnyRecord, asked: AskedCommand, call: CallContext) => Promise<void>): ServedCommand => ({
    from: ['identity'],
    run: async (asked, call) => {
      const because = { ...call, causationId: String(asked.input['because']) };
      for (const kind of kinds) await run(kind, asked, because);
      return { recordId: asked.record.id, outcome: 'updated' } satisfies CommandResult;
    },
  });
  return {
    HandOver: served((kind, asked, call) => given(new Belongings(provided, kind, isDone), asked, call)),
    TakeBack: served((kind, asked, call) => takenBack(new Belongings(provided, kind, isDone), asked, call)),
  };
};

const given = (belongings: Belongings, { commandId, input }: AskedCommand, call: CallContext): Promise<void> => {
  const from = input['from'] as readonly string[];
  const to = String(input['to']);
  const decide: Step<Owned | null, DomainEvent>['decide'] = (state, at) =>
    state?.ownerId !== undefined && from.includes(state.ownerId) ? belongings.edit(state, to, at) : [];
  const step = { name: 'HandOver', input: [from, to], decide };
  return belongings.change(from, commandId, call, async () => step);
};

/** What the handover changed is undone; a record that somebody else has got since stays with that one. */
const takenBack = (belongings: Belongings, { commandId, input }: AskedCommand, call: CallContext): Promise<void> => {
  const over = String(input['over']);
  return belongings.change([String(input['to'])], commandId, call, async (id) => {
    const changed = await belongings.eventOf(call.principal.tenant, id, idFrom(over, id));
    if (!changed) return undefined;
    const order = { eventId: changed.id, laterChanges: 'keep' } as const;
    const decide: Step<Owned | null, DomainEvent>['decide'] = (_, __, history) => belongings.undo(history, order);
    return { name: 'TakeBack', input: over, decide };
  });
};

/** Records of one kind, by whom they belong to. */
class Belongings {
  constructor(
    private readonly provided: Provided,
    private readonly kind: AnyRecord,
    private readonly isDone: IsDone,
  ) {}

  private get runtime(): ServiceRuntime {
    return this.provided(RUNTIME);
  }

  edit(state: Owned, ownerId: string, at: Circumstances): Decision<DomainEvent> {
    // An archived one changes no more; it is found by whoever restores it.
    if (state.archived || this.isDone(state)) return [];
    const { decide } = this.kind.decider as unknown as { readonly decide: Editing };
    return decide.edit(state, { set: { ownerId } }, at);
  }

  undo(history: readonly RecordedEvent[], order: Parameters<typeof undo>[2]): Decision<DomainEvent> {
    return undo(this.kind.decider as never, history, order);
  }

  async eventOf(tenant: string, id: string, commandId: string): Promise<RecordedEvent | undefined> {
    const stream = streamName(this.kind.decider.aggregate, tenant, id);
    for await (const event of this.runtime.events.read(stream))
      if (event.metadata.commandId === commandId) return event;
    return undefined;
  }

  /** Each record is changed once, however often it is begun. */
  async change(owners: readonly string[], commandId: string, call: CallContext, change: Change): Promise<void> {
    const { runtime } = this;
    const list = runtime.projection(this.kind.projection);
    await list.reach(await runtime.events.end(), CAUGHT_UP_WITHIN_MILLISECONDS);
    const filter = or(...owners.map((owner) => where('ownerId', '=', owner)));
    for (let cursor: string | undefined = ''; cursor !== undefined;) {
      const query: Query = { filter, limit: PAGE, sort: [BY_ID], ...(cursor && { cursor }) };
      const page: QueryPage<Document> = await list.documents.query(everythingOf(call.principal.tenant), query);
      for (const { id } of page.documents) await this.changed(id, idFrom(commandId, id), call, await change(id));
      cursor = page.next;
    }
  }

  private async changed(
    id: string,
    commandId: string,
    call: CallContext,
    step: Step<Owned | null, DomainEvent> | undefined,
  ): Promise<void> {
    if (!step) return;
    const { decider } = this.kind;
    try {
      const order = { decider: decider as never, id, commandId, call, steps: [step as never] };
      await this.provided(CommandBus).execute(new RunCommand(order));
    } catch (failure) {
      // Its own rules stand above it: one that is archived, or would not be sound, stays as it is.
      if (failure instanceof DomainError && (failure.kind === 'conflict' || failure.kind === 'invalid')) return;
      throw failure;
    }
  }
}

interface Editing {
  edit(state: Owned, command: { readonly set: { readonly ownerId: string } }, at: Circumstances): Decision<DomainEvent>;
}
