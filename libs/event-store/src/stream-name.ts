import { checkTenant, DomainError } from '@rapport/kernel';

const AGGREGATE = /^[a-z][a-zA-Z]{0,39}$/;

/**
 * `<aggregate>-<tenant>-<id>`: the part before the first hyphen is EventStoreDB's category.
 * @throws DomainError internal `bad-stream-name`; invalid `bad-tenant`, `bad-id`
 */
export const streamName = (aggregate: string, tenant: string, id: string): string => {
  if (typeof aggregate !== 'string' || !AGGREGATE.test(aggregate))
    throw new DomainError('internal', 'bad-stream-name', `"${String(aggregate)}" is no aggregate name.`);
  if (typeof id !== 'string' || id === '')
    throw new DomainError('invalid', 'bad-id', `"${String(id)}" is no id of a record. Give one that a list shows.`);
  return `${aggregate}-${checkTenant(tenant)}-${id}`;
};

export interface StreamParts {
  readonly aggregate: string;
  readonly tenant: string;
  readonly id: string;
}

export const partsOf = (stream: string): StreamParts => {
  const first = stream.indexOf('-');
  const second = stream.indexOf('-', first + 1);
  return { aggregate: stream.slice(0, first), tenant: stream.slice(first + 1, second), id: stream.slice(second + 1) };
};

/** Prefix of every stream of an aggregate, for {@link EventStore.follow}. */
export const prefixOf = (aggregate: string): string => `${aggregate}-`;
