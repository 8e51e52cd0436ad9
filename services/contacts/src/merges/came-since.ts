import { scopeOf } from '@rapport/access';
import type { typesV1 } from '@rapport/contracts';
import { streamName } from '@rapport/event-store';
import {
  type CallContext,
  DomainError,
  fold,
  type MergeStatus,
  type RecordedEvent,
  type RelationChoices,
} from '@rapport/kernel';
import { and, type Document, type Filter, isHidden, or, where } from '@rapport/read-models';
import { type CameSince, refusedRelation, type ServiceRuntime, type UnmergeRequest } from '@rapport/service-kit';
import type { Relation } from './relations.js';

/** Told of each kind. */
const MOST = 200;
const CAUGHT_UP_WITHIN_MILLISECONDS = 5_000;

/** Both after a split: every id that each of them goes by. */
export interface SidesOfSplit {
  readonly this: ReadonlySet<string>;
  readonly other: ReadonlySet<string>;
}

/** What has come to a record since another was merged into it, and where a split leaves it. */
export class CameSinceMerge implements CameSince {
  constructor(
    private readonly decider: { readonly aggregate: string },
    private readonly relations: readonly Relation[],
    private readonly runtime: ServiceRuntime,
  ) {}

  async told(
    { id, otherId }: UnmergeRequest,
    choices: RelationChoices,
    call: CallContext,
  ): Promise<typesV1.CameSinceMerge[]> {
    const history = before(await this.history(id, call), otherId);
    const merge = history.findLast(
      ({ type, data }) => type.endsWith('Merged') && (data as { otherId?: string }).otherId === otherId,
    );
    const sides = sidesOf(this.decider, id, otherId, history);
    // That they are not one is told by the split.
    if (!merge || !sides) return [];
    await this.checkChosen(sides, choices, call);
    const found = await Promise.all(
      this.relations.map((relation) =>
        this.find(relation, sides, call, where('createdAt', '>=', merge.metadata.occurredAt)),
      ),
    );
    return found.flatMap((documents, n) =>
      documents.map((document) => {
        const { kind, field } = this.relations[n]!;
        const goesTo = choices[`${kind}/${document.id}`] ?? sideOf(document, field, sides);
        return { kind, id: document.id, goesTo };
      }),
    );
  }

  private async checkChosen(sides: SidesOfSplit, choices: RelationChoices, call: CallContext): Promise<void> {
    for (const name of Object.keys(choices)) {
      const [kind = '', id = ''] = name.split('/');
      const relation = this.relations.find((each) => each.kind === kind);
      const isId = where('id', '=', id);
      const [found] = relation ? await this.find(relation, sides, call, isId) : [];
      if (!relation || !found) {
        const known = this.relations.map((each) => `${each.kind}/<id>`).join(', ');
        throw refusedRelation('unknown-relation', name, `Neither of the two has a "${name}". Name one as ${known}.`);
      }
      if (!relation.led) {
        const message = `"${name}" stays what it is: it goes by the id that it was recorded under. Record another one.`;
        throw refusedRelation('not-movable', name, message);
      }
      const scope = scopeOf(call.principal, kind, 'edit');
      const { documents } = this.runtime.projection<Document>(relation.list as never);
      if (relation.changes.some((field) => isHidden(scope, field)) || !(await documents.get(scope, id)))
        throw new DomainError('forbidden', 'not-permitted', `Your roles do not let you change "${name}".`);
    }
  }

  private async find(
    { list, field, kind }: Relation,
    sides: SidesOfSplit,
    call: CallContext,
    further: Filter,
  ): Promise<readonly Document[]> {
    const scope = scopeOf(call.principal, kind);
    if (isHidden(scope, field)) return [];
    const projection = this.runtime.projection<Document>(list as never);
    await projection.reach(await this.runtime.engines.events.end(), CAUGHT_UP_WITHIN_MILLISECONDS);
    const ids = [...sides.this, ...sides.other];
    const filter = and(or(...ids.map((each) => where(field, '=', each))), further);
    const sort = [{ field: 'createdAt', descending: true }];
    return (await projection.documents.query(scope, { filter, sort, limit: MOST })).documents;
  }

  private history(id: string, { principal }: CallContext): Promise<readonly RecordedEvent[]> {
    return Array.fromAsync(this.runtime.events.read(streamName(this.decider.aggregate, principal.tenant, id)));
  }
}

/** While the two were one: up to the last split, for a call that comes again. */
const before = (history: readonly RecordedEvent[], otherId: string): readonly RecordedEvent[] => {
  const last = history.findLastIndex(
    ({ type, data }) => /(Merged|Unmerged)$/.test(type) && (data as { otherId?: string }).otherId === otherId,
  );
  return history[last]?.type.endsWith('Unmerged') ? history.slice(0, last) : history;
};

/** As they are while they are one; undefined where they are not. */
export const sidesOf = (
  decider: object,
  id: string,
  otherId: string,
  history: readonly RecordedEvent[],
): SidesOfSplit | undefined => {
  const { mergedIds = [], merges = [] }: MergeStatus = fold(decider as never, history as never) ?? {};
  const other = merges.find((each) => each.otherId === otherId)?.ids;
  if (!other) return undefined;
  return { this: new Set([id, ...mergedIds.filter((each) => !other.includes(each))]), other: new Set(other) };
};

const sideOf = (document: Document, field: string, sides: SidesOfSplit): 'this' | 'other' | 'both' => {
  const ids = [(document as unknown as Record<string, unknown>)[field]].flat() as readonly string[];
  if (!ids.some((id) => sides.other.has(id))) return 'this';
  return ids.some((id) => sides.this.has(id)) ? 'both' : 'other';
};
