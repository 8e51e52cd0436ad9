import { CommandBus } from '@nestjs/cqrs';
import { partsOf, prefixOf } from '@rapport/event-store';
import {
  type CallContext,
  type Circumstances,
  type Decider,
  type DomainEvent,
  idFrom,
  type RecordCommands,
  type RecordedEvent,
} from '@rapport/kernel';
import type { Reaction } from '@rapport/processing';
import { RunCommand } from '../commands/run-command.js';
import type { Provided } from '../service/service-definition.js';
import type { ServiceRuntime } from '../service/service-runtime.js';
import { RUNTIME } from '../service/tokens.js';
import { type AnyRecordDecider, Lineage } from './lineage.js';

type Values = Readonly<Record<string, unknown>>;
type AnyDecider = Decider<Values | null, DomainEvent, RecordCommands<Values>>;

/** A kind of record of which one may stand under another. */
interface Family {
  readonly decider: object;
  readonly noun: string;
  readonly plural: string;
}

/**
 * Two changes at once can put each of two records under the other, which neither of them sees. The one that was stored later
 * is taken back: its record stands where it stood before, or nowhere if that would be a circle again.
 *
 * @param field holds the id of the record above
 */
export const openCircles = ({ decider, noun, plural }: Family, field: string, provided: Provided): Reaction => {
  const untyped = decider as AnyDecider;
  const name = `open-circles-of-${plural}`;
  return {
    name,
    prefixes: [prefixOf(untyped.aggregate)],
    types: [...['Created', 'Edited', 'ChangeUndone'], ...MERGING].map((fact) => `${noun}${fact}`),
    react: async (event) => {
      const { tenant, id } = partsOf(event.stream);
      const lineage = new Lineage(decider as AnyRecordDecider, provided<ServiceRuntime>(RUNTIME).events);
      // Which records stand above changes by a merge or a split, though this record says of its own what it said before.
      const isMerging = MERGING.some((fact) => event.type === `${noun}${fact}`);
      const then = ({ revision }: RecordedEvent): boolean => revision <= event.revision;
      const parent = (isMerging ? await lineage.state({ tenant, id }, then) : setIn(event))[field];
      if (typeof parent !== 'string') return 'done';
      const isUnder = (above: string, counts?: (event: RecordedEvent) => boolean): Promise<boolean> =>
        lineage.isAbove(field, { tenant, id }, above, counts);
      // As things stood then, only the last of several changes closed the circle. By now somebody may have opened it.
      const didClose = await isUnder(parent, ({ position }) => position <= event.position);
      if (!didClose || !(await isUnder(parent))) return 'done';
      const before = (await lineage.state({ tenant, id }, ({ revision }) => revision < event.revision))[field];
      const set = { [field]: typeof before === 'string' && !(await isUnder(before)) ? before : null };
      const decide = (state: Values | null, at: Circumstances) =>
        state?.[field] === parent && !state['archived'] ? untyped.decide.edit(state, { set }, at) : [];
      const steps = [{ name: `Open${noun}Circle`, input: event.id, decide }];
      // The id follows from the event: what is seen again has been done.
      const commandId = idFrom(event.id, name);
      const order = { decider: untyped, id, steps, call: callAfter(event, name), commandId };
      await provided(CommandBus).execute(new RunCommand(order));
      return 'done';
    },
  };
};

const MERGING = ['Merged', 'Unmerged', 'SplitOff'];

const setIn = ({ data }: RecordedEvent): Values => ('set' in data ? (data.set as Values) : (data as Values));

const callAfter = ({ id, metadata }: RecordedEvent, name: string): CallContext => ({
  principal: { tenant: metadata.tenant, actor: { kind: 'system', id: name }, roles: [] },
  correlationId: metadata.correlationId,
  causationId: id,
  answer: {},
});
