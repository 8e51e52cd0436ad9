import { Module, type DynamicModule } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { externalAggregate, partsOf, prefixOf } from '@rapport/event-store';
import { idFrom, newId, recordDecider, type CallContext } from '@rapport/kernel';
import type { Projection, Reaction } from '@rapport/processing';
import type { Document } from '@rapport/read-models';
import { RunCommand, type Step } from '../../commands/run-command.js';
import type { Engines } from '../../engines.js';
import { publishRecord } from '../publish-record.js';
import type { ServiceDefinition } from '../service-definition.js';
import { serviceModule } from '../service-module.js';

export const boat = recordDecider<'Boat', { name: string }>('boat', 'Boat');
export const berth = recordDecider<'Berth', { boat: string }>('berth', 'Berth');

/** Boats come and are renamed here. */
export const harbour: ServiceDefinition = {
  context: 'harbour',
  aggregates: ['boat'],
  catalogue: [boat],
  personal: {},
  records: [],
  projections: [],
  publishes: publishRecord('Boat', 'boat'),
};

export interface BoatName extends Document {
  readonly name: string;
  readonly heard: number;
}

/** What the yard remembers of boats. */
export const boatNames: Projection<BoatName> = {
  declaration: { name: 'boat_names', fields: { name: 'text' }, indexes: [] },
  prefixes: [prefixOf(externalAggregate('harbour', 'boat'))],
  fold: (document, { stream, data }) => {
    const { tenant, id } = partsOf(stream);
    const { boat: created, set } = data as { boat?: { name: string }; set?: { name: string } };
    const name = created?.name ?? set?.name ?? document?.name ?? '';
    return { id, tenant, name, heard: (document?.heard ?? 0) + 1 };
  },
};

/** Whenever a boat comes or has another name, its berth is told: a command of the yard for each event of the harbour. */
const keepBerths = (commands: CommandBus): Reaction => ({
  name: 'keep-berths',
  prefixes: boatNames.prefixes,
  types: ['BoatCreated', 'BoatEdited'],
  react: async ({ id: eventId, stream, type, data }) => {
    const { id } = partsOf(stream);
    const { boat: created, set } = data as { boat?: { name: string }; set?: { name: string } };
    const name = (created ?? set)!.name;
    const step = {
      name: type,
      input: name,
      decide: (state: never, at: never) =>
        type === 'BoatCreated'
          ? berth.decide.create(state, { boat: name }, at)
          : berth.decide.edit(state, { set: { boat: `${name} (${eventId})` } }, at),
    } as unknown as Step<unknown, never>;
    // The id follows from the event: what is seen again has been done.
    const commandId = idFrom(eventId, 'keep-berths');
    await commands.execute(new RunCommand({ decider: berth as never, id, steps: [step], call: by(), commandId }));
    return 'done';
  },
});

/** Hears of boats, and keeps a berth for each. */
export const yard: ServiceDefinition = {
  context: 'yard',
  aggregates: ['berth'],
  catalogue: [berth],
  personal: {},
  records: [],
  listens: { harbour: ['boat'] },
  projections: [boatNames],
  publishes: publishRecord('Berth', 'berth'),
  reactions: (_, provided) => [keepBerths(provided(CommandBus))],
};

@Module({})
class Nothing {}

export const moduleOf = (definition: ServiceDefinition, engines: Engines): DynamicModule => ({
  ...serviceModule(definition, engines, { handlers: {}, providers: [] }),
  module: class extends Nothing {},
});

/** A call of the system's own. */
export const by = (): CallContext => ({
  principal: { tenant: 'main', actor: { kind: 'system', id: 'test' }, roles: [] },
  correlationId: newId(),
  answer: {},
});
