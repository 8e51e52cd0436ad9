import { InMemoryEventStore, streamName, type EventStore } from '@rapport/event-store';
import { idFrom, type NewEvent, type Position, type RecordedEvent } from '@rapport/kernel';
import type { Document } from '@rapport/read-models';
import { foldBy, type Projection } from '../projection.js';

/** A bank account: the smallest thing whose history matters. */
export interface AccountDocument extends Document {
  readonly branch: string;
  readonly balance: number;
  readonly entries: number;
}

export type Step =
  | { readonly kind: 'Opened'; readonly account: number; readonly day: number; readonly branch: string }
  | { readonly kind: 'Deposited'; readonly account: number; readonly day: number; readonly amount: number }
  | { readonly kind: 'Moved'; readonly account: number; readonly day: number; readonly branch: string }
  | { readonly kind: 'Closed' | 'Noticed'; readonly account: number; readonly day: number };

export const dayOf = (day: number): string => `2026-01-${String(day + 1).padStart(2, '0')}`;

export const TENANT = 'main';

let made = 0;

export const eventOf = ({ kind, account: _, day, ...data }: Step): NewEvent => ({
  id: idFrom('event', (made += 1)),
  type: `Account${kind}`,
  data,
  metadata: {
    tenant: TENANT,
    actor: { kind: 'user', id: 'ada' },
    correlationId: 'c',
    commandId: `command-${made}`,
    occurredAt: `${dayOf(day)}T12:00:00.000Z`,
    schemaVersion: 1,
  },
});

/** Appends one event and tells its position. */
export const append = async (store: EventStore, step: Step, aggregate = 'account'): Promise<Position> => {
  const { position } = await store.append(streamName(aggregate, TENANT, `a${step.account}`), [eventOf(step)], 'any');
  return position;
};

export const storeOf = async (steps: readonly Step[]): Promise<InMemoryEventStore> => {
  const store = new InMemoryEventStore();
  for (const step of steps) await append(store, step);
  return store;
};

export const deposit = (account: number, amount: number, day = 0): Step => ({
  kind: 'Deposited',
  account,
  day,
  amount,
});
export const opening = (account: number, branch = 'north', day = 0): Step => ({ kind: 'Opened', account, day, branch });

type Of<K extends Step['kind']> = Omit<RecordedEvent, 'data'> & { readonly data: Extract<Step, { kind: K }> };

const idOf = (event: { readonly stream: string }): string => event.stream.slice(`account-${TENANT}-`.length);

/** Accounts with their balance, and per day and branch how many there are and what lies on them. */
export const accounts: Projection<AccountDocument> = {
  declaration: { name: 'accounts', fields: { branch: 'text', balance: 'number' }, indexes: [['branch']] },
  prefixes: ['account-'],
  fold: foldBy<AccountDocument>({
    AccountOpened: (document, event: Of<'Opened'>) =>
      document ?? { id: idOf(event), tenant: TENANT, branch: event.data.branch, balance: 0, entries: 0 },
    AccountDeposited: (document, { data }: Of<'Deposited'>) =>
      document && { ...document, balance: document.balance + data.amount, entries: document.entries + 1 },
    AccountMoved: (document, { data }: Of<'Moved'>) => document && { ...document, branch: data.branch },
    AccountClosed: () => null,
  }),
  cells: [
    {
      declaration: {
        name: 'branch_cells',
        fields: { day: 'date', branch: 'text', count: 'number', balance: 'number' },
        indexes: [['branch', 'day']],
      },
      contributions: ({ branch, balance }) => [{ dimensions: { branch }, measures: { count: 1, balance } }],
    },
  ],
};
