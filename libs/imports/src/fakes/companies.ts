import type { EventStore } from '@rapport/event-store';
import { partsOf } from '@rapport/event-store';
import {
  type Circumstances,
  type Decision,
  type DomainEvent,
  type Money,
  recordDecider,
  reject,
  START,
} from '@rapport/kernel';
import type { AnyDecider, OrderedStep, RunSteps } from '../engine/commands.js';
import type { ImportKind } from '../engine/import-kind.js';
import { planRecord } from '../engine/plan-record.js';
import type { FoundRecords } from '../lookup/found-records.js';
import type { ImportField } from '../values/import-field.js';
import { recordTarget } from '../engine/record-target.js';

export type CompanyFields = {
  readonly name?: string;
  readonly sector?: string;
  readonly revenue?: Money;
  readonly foundedOn?: string;
  readonly parentId?: string;
  readonly externalId?: string;
};

export const companyDecider = recordDecider<'Company', CompanyFields>('company', 'Company', ({ sector }) =>
  sector === 'forbidden' ? reject('invalid', 'bad-sector', 'This sector is not served.', '/sector') : undefined,
);

const PLAIN_FIELDS: readonly ImportField[] = [
  { name: 'name', label: 'company name', type: 'text', required: true, isName: true, synonyms: ['account', 'company'] },
  { name: 'externalId', label: 'key', type: 'text' },
  { name: 'sector', label: 'sector', type: 'text', personal: true },
  { name: 'revenue', label: 'annual revenue', type: 'money' },
  { name: 'currency', label: 'currency', type: 'currency', of: 'revenue' },
  { name: 'foundedOn', label: 'founded', type: 'date', rule: 'rapport.sales.v1.WinOpportunityRequest/closedOn' },
];

const parentOf = (events: EventStore): ImportField => ({
  name: 'parent',
  path: 'parentId',
  label: 'parent company',
  type: 'reference',
  noun: 'company',
  ownKind: { calledBy: 'name', above: (_, ids) => parentsOf(events, ids) },
  synonyms: ['subsidiary of'],
  find: (_, names) => idsByName(events, names),
  names: async () => [...(await companyIds(events)).keys()],
});

/** A plain kind of record, described as a service would. */
export const companies = (events: EventStore, run: RunSteps): ImportKind => {
  const fields = [...PLAIN_FIELDS, parentOf(events)];
  return {
    kind: 'companies',
    // Companies are accounts here, as far as rules go.
    message: 'rapport.contacts.v1.Account',
    target: recordTarget(companyDecider, { events, run }),
    matchBy: ['externalId', 'name'],
    fields,
    find: (_, field, values) => (field === 'name' ? idsByName(events, values) : idsByKey(events, values)),
    similar: { by: ({ name }) => name as string | undefined, find: (_, names) => idsByName(events, names) },
    plan: (row) => planRecord(companyDecider, fields, row, '2017-01-01T00:00:00.000Z'),
  } satisfies ImportKind;
};

const idsByKey = async (events: EventStore, keys: readonly string[]): Promise<FoundRecords> => {
  const all = [...(await companyStates(events))].filter(([, state]) => keys.includes(state?.externalId ?? ''));
  return new Map(all.map(([id, state]) => [state!.externalId!, [id]]));
};

const idsByName = async (events: EventStore, names: readonly string[]): Promise<FoundRecords> => {
  const all = await companyIds(events);
  return new Map(names.flatMap((name) => (all.has(name) ? [[name, all.get(name)!] as const] : [])));
};

const parentsOf = async (events: EventStore, ids: readonly string[]): Promise<ReadonlyMap<string, string>> => {
  const states = await companyStates(events);
  return new Map(ids.flatMap((id) => (states.get(id)?.parentId ? [[id, states.get(id)!.parentId!] as const] : [])));
};

/** By name and by id. */
const companyIds = async (events: EventStore): Promise<FoundRecords> => {
  const ids = new Map<string, { archived: boolean; ids: string[] }>();
  for (const [id, state] of await companyStates(events)) {
    if (state?.name === undefined) continue;
    const known = ids.get(state.name);
    if (known?.archived === state.archived) known.ids.push(id);
    else if (known?.archived !== false) ids.set(state.name, { archived: state.archived, ids: [id] });
  }
  const own = [...ids.values()].flatMap((found) => found.ids.map((id): readonly [string, string[]] => [id, [id]]));
  return new Map([...own, ...[...ids].map(([name, found]) => [name, found.ids] as const)]);
};

/** All companies as they are, by id. */
export const companyStates = async (events: EventStore) => {
  const states = new Map<string, ReturnType<typeof companyDecider.evolve>>();
  for await (const page of events.follow({
    prefixes: ['company-'],
    after: START,
    signal: new AbortController().signal,
  })) {
    for (const event of page.events) {
      const { id } = partsOf(event.stream);
      states.set(
        id,
        companyDecider.evolve(states.get(id) ?? null, event as unknown as Parameters<typeof companyDecider.evolve>[1]),
      );
    }
    if (page.caughtUp) break;
  }
  return states;
};

type CompanyState = ReturnType<typeof companyDecider.evolve>;

/** What somebody does to a company, who is not an import. */
export const changeCompany = async (
  run: RunSteps,
  id: string,
  decide: (state: CompanyState, at: Circumstances) => Decision<DomainEvent>,
): Promise<void> => {
  const step: OrderedStep = {
    name: 'ChangeCompany',
    input: id,
    decide: (state, at) => decide(state as CompanyState, at),
  };
  const decider = companyDecider as unknown as AnyDecider;
  const principal = { tenant: 'acme', actor: { kind: 'user', id: 'ada' }, roles: [] } as const;
  await run({ decider, id, steps: [step], call: { principal, correlationId: 'request', answer: {} } });
};
