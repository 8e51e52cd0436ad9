import { CommandBus } from '@nestjs/cqrs';
import { type BuiltInRole, builtInRoles } from '@rapport/access';
import { partsOf, prefixOf } from '@rapport/event-store';
import { type CallContext, idFrom, type RecordedEvent } from '@rapport/kernel';
import type { Reaction } from '@rapport/processing';
import { type Provided, RunCommand, type Step } from '@rapport/service-kit';
import { followBuiltIn } from '../domain/role/follow-built-in.js';
import { role, type RoleEvent, type RoleState } from '../domain/role/role.js';
import { OPENING } from '../tenant-opening.js';

const NAME = 'follow-built-in-roles';

/**
 * Roles that tenants began with say what they said then. Where Rapport's own definitions are newer, this sees each such role once more
 * and brings it there, see {@link followBuiltIn}: it is another reaction with every version, so that it begins anew.
 */
export const followBuiltInRoles = (provided: Provided): Reaction => ({
  name: `${NAME}-${Object.values(builtInRoles).reduce((sum, { version }) => sum + version, 0)}`,
  prefixes: [prefixOf(role.aggregate)],
  types: ['RoleCreated'],
  react: async (event) => {
    const { builtIn } = event.data as Extract<RoleEvent, { type: 'RoleCreated' }>['data'];
    const definition = definitionOf(builtIn);
    if (!definition) return 'done';
    const { id } = partsOf(event.stream);
    const decide: Step<RoleState, RoleEvent>['decide'] = (state, _, history) =>
      followBuiltIn(state, definition, history, isOurs);
    const steps = [{ name: 'FollowBuiltInRole', input: [id, definition.version], decide }];
    const commandId = idFrom(event.id, NAME, definition.version);
    await provided(CommandBus).execute(new RunCommand({ decider: role, id, steps, call: callAfter(event), commandId }));
    return 'done';
  },
});

const definitionOf = (builtIn: string | undefined): BuiltInRole | undefined =>
  Object.entries<BuiltInRole>(builtInRoles).find(([name]) => name === builtIn)?.[1];

const isOurs = ({ metadata: { actor } }: RecordedEvent): boolean =>
  actor.kind === 'system' && [OPENING, NAME].includes(actor.id);

const callAfter = ({ id: causationId, metadata: { tenant, correlationId } }: RecordedEvent): CallContext => ({
  principal: { tenant, actor: { kind: 'system', id: NAME }, roles: [] },
  ...{ correlationId, causationId, answer: {} },
});
