import { everythingOf } from '@rapport/access';
import { DomainError } from '@rapport/kernel';
import type { LiveProjection } from '@rapport/processing';
import { and, type Filter, not, where } from '@rapport/read-models';
import type { RecordDocument } from '../records/record-document.js';
import { closestName } from '../schemas/closest-name.js';
import type { AnyRecord } from '../service/served-record.js';
import type { ServiceRuntime } from '../service/service-runtime.js';
import type { RetentionOrder, RetentionPolicy } from './retention.js';

type Kept = RecordDocument<{ readonly archived: boolean; readonly hold?: string }>;

const CAUGHT_UP_WITHIN_MILLISECONDS = 5_000;

/** What a dry run tells. */
export interface Due {
  readonly records: number;
  /** Of these. */
  readonly held: number;
  /** Those that were changed longest ago. */
  readonly first: readonly Kept[];
}

/** Records of a context that policies may be about. */
export class Retained {
  constructor(private readonly runtime: ServiceRuntime) {}

  /** What there could be a policy for, and what it could do. */
  get objects(): Readonly<Record<string, readonly RetentionPolicy['action'][]>> {
    const { records } = this.runtime.definition;
    const able = records.map(({ record }) => [record.decider.aggregate, actionsOf(record)] as const);
    return Object.fromEntries(able.filter(([, actions]) => actions.length > 0));
  }

  /** @throws DomainError invalid `unknown-object` | `unknown-action` | `who-works-here` */
  check({ object, action, archivedOnly }: RetentionPolicy): void {
    const { objects } = this;
    const refuse = (pointer: string, code: string, message: string): never => {
      throw new DomainError('invalid', code, message, { fields: [{ pointer, code, message }] });
    };
    if (!Object.hasOwn(objects, object)) {
      const names = Object.keys(objects);
      const meant = closestName(object, names);
      const advice = meant === undefined ? '' : ` Did you mean "${meant}"?`;
      refuse(
        '/object',
        'unknown-object',
        `"${object.slice(0, 100)}" is nothing that is kept here; there are: ${names.join(', ')}.${advice}`,
      );
    }
    if (!objects[object]!.includes(action))
      refuse('/action', 'unknown-action', `A policy for ${object} may only ${objects[object]!.join(' or ')}.`);
    if (object === 'user' && !archivedOnly)
      refuse(
        '/archivedOnly',
        'who-works-here',
        'Users who work here are not retained by a policy: say "archivedOnly".',
      );
  }

  recordOf(object: string): AnyRecord {
    return this.runtime.definition.records.find(({ record }) => record.decider.aggregate === object)!.record;
  }

  /** The list, once it shows everything that is stored by now. */
  async list(object: string): Promise<LiveProjection<Kept>> {
    const { runtime } = this;
    const list = runtime.projection<Kept>(this.recordOf(object).projection as never);
    await list.reach(await runtime.engines.events.end(), CAUGHT_UP_WITHIN_MILLISECONDS);
    return list;
  }

  /** Records that an order is about. */
  filterOf(order: RetentionOrder, list: LiveProjection<Kept>): Filter {
    const terms = [where('updatedAt', '<', order.before)];
    if (order.action === 'archive') terms.push(where('archived', '=', false));
    else if (order.archivedOnly) terms.push(where('archived', '=', true));
    // It goes with the one that it is a part of.
    if ('mergedInto' in list.documents.declaration.fields) terms.push(not(where('mergedInto', 'present', null)));
    if ('erased' in list.documents.declaration.fields) terms.push(where('erased', '!=', true));
    return and(...terms);
  }

  async due(tenant: string, order: RetentionOrder, limit: number): Promise<Due> {
    const list = await this.list(order.object);
    const { documents } = list;
    const [scope, filter] = [everythingOf(tenant), this.filterOf(order, list)];
    const sort = [{ field: 'updatedAt', descending: false }];
    const page = await documents.query(scope, { filter, sort, limit, total: true });
    const isHeld = 'hold' in documents.declaration.fields;
    const held = isHeld ? await documents.count(scope, and(filter, where('hold', 'present', null))) : 0;
    return { records: page.total!, held, first: page.documents };
  }
}

const actionsOf = ({ methods, noun }: AnyRecord): readonly RetentionPolicy['action'][] =>
  (['archive', 'erase'] as const).filter((action) => methods.includes(`${action}${noun}`));
