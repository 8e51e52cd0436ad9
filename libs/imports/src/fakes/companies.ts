import type { EventStore } from '@rapport/event-store';
import { partsOf } from '@rapport/event-store';
import { type Money, recordDecider, reject, START } from '@rapport/kernel';
import type { Scope } from '@rapport/read-models';
import type { RunSteps } from '../engine/commands.js';
import type { ImportKind } from '../engine/import-kind.js';
import { planRecord } from '../engine/plan-record.js';
import type { ImportField } from '../values/import-field.js';
import { recordTarget } from '../engine/record-target.js';

export type CompanyFields = {
  readonly name?: string;
  readonly sector?: string;
  readonly revenue?: Money;
  readonly foundedOn?: string;
  readonly parentId?: string;
};

export const companyDecider = recordDecider<'Company', CompanyFields>('company', 'Company', ({ sector }) =>
  sector === 'forbidden' ? reject('invalid', 'bad-sector', 'This sector is not served.', '/sector') : undefined,
);

/** A plain kind of record, described as a service would. */
export const companies = (events: EventStore, run: RunSteps): ImportKind => {
  const idsByName = async (_: Scope, names: readonly string[]) => {
    const all = await companyIds(events);
    return new Map(names.flatMap((name) => (all.has(name) ? [[name, all.get(name)!] as const] : [])));
  };
  const fields: readonly ImportField[] = [
    { name: 'name', label: 'company name', type: 'text', required: true, synonyms: ['account', 'company'] },
    { name: 'sector', label: 'sector', type: 'text', personal: true },
    { name: 'revenue', label: 'annual revenue', type: 'money' },
    { name: 'currency', label: 'currency', type: 'currency', of: 'revenue' },
    { name: 'foundedOn', label: 'founded', type: 'date', rule: 'rapport.sales.v1.WinOpportunityRequest/closedOn' },
    {
      name: 'parent',
      path: 'parentId',
      label: 'parent company',
      type: 'reference',
      noun: 'company',
      ownKind: 'name',
      synonyms: ['subsidiary of'],
      find: idsByName,
      names: async () => [...(await companyIds(events)).keys()],
    },
  ];
  return {
    kind: 'companies',
    // Companies are accounts here, as far as rules go.
    message: 'rapport.contacts.v1.Account',
    target: recordTarget(companyDecider, { events, run }),
    matchBy: ['name'],
    fields,
    find: (scope, _, values) => idsByName(scope, values),
    plan: (row) => planRecord(companyDecider, fields, row, '2017-01-01T00:00:00.000Z'),
  } satisfies ImportKind;
};

const companyIds = async (events: EventStore): Promise<ReadonlyMap<string, string>> => {
  const ids = new Map<string, string>();
  for (const [id, state] of await companyStates(events)) if (state?.name !== undefined) ids.set(state.name, id);
  return ids;
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
