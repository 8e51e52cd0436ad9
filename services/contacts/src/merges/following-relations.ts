import type { CommandBus } from '@nestjs/cqrs';
import { partsOf } from '@rapport/event-store';
import {
  type CallContext,
  type Circumstances,
  DomainError,
  idFrom,
  type RecordedEvent,
  type RelationChoices,
} from '@rapport/kernel';
import { type FollowingRelations, RunCommand } from '@rapport/service-kit';
import { sidesOf } from './came-since.js';
import type { Relation } from './relations.js';

interface Editing {
  readonly decide: {
    readonly edit: (state: object | null, asked: { readonly set: object }, at: Circumstances) => never[];
  };
}

/** Has records that came since refer to the side that somebody chose. One that cannot be changed any more stays where it is. */
export const followingRelations = (
  decider: { readonly aggregate: string },
  relations: readonly Relation[],
  commands: CommandBus,
): FollowingRelations => ({
  follow: async (split, history, call) => {
    const { id } = partsOf(split.stream);
    const { otherId, relations: chosen = {} } = split.data as {
      readonly otherId: string;
      readonly relations?: RelationChoices;
    };
    const sides = sidesOf(decider, id, otherId, history);
    for (const [name, side] of Object.entries(sides ? chosen : {})) {
      const [kind, recordId = ''] = name.split('/');
      const relation = relations.find((each) => each.kind === kind);
      if (!relation?.led) continue;
      const [from, to] = side === 'other' ? [sides!.this, otherId] : [sides!.other, id];
      const decide = (state: object | null, at: Circumstances) =>
        state
          ? (relation.decider as unknown as Editing).decide.edit(state, { set: relation.led!(state, from, to) }, at)
          : [];
      await run(commands, relation, { recordId, split, decide, call });
    }
  },
});

interface Moved {
  readonly recordId: string;
  readonly split: RecordedEvent;
  readonly decide: (state: object | null, at: Circumstances) => never[];
  readonly call: CallContext;
}

const run = async (
  commands: CommandBus,
  { decider }: Relation,
  { recordId, split, decide, call }: Moved,
): Promise<void> => {
  const steps = [{ name: 'FollowSplit', input: split.id, decide }];
  const order = { decider, id: recordId, steps, call, commandId: idFrom(split.id, 'follow', recordId) };
  try {
    await commands.execute(new RunCommand(order as never));
  } catch (failure) {
    if (!(failure instanceof DomainError) || failure.kind === 'internal') throw failure;
  }
};
