import { DomainError } from '@rapport/kernel';

/** Tenants have no hyphen, so that the parts of a stream's name can be told apart. */
const TENANT = /^[a-z0-9_]{1,40}$/;
const AGGREGATE = /^[a-z][a-zA-Z]{0,39}$/;

/** `<aggregate>-<tenant>-<id>`: the part before the first hyphen is EventStoreDB's category. */
export const streamName = (aggregate: string, tenant: string, id: string): string => {
  if (!AGGREGATE.test(aggregate))
    throw new DomainError('internal', 'bad-stream-name', `"${aggregate}" is no aggregate name.`);
  if (!TENANT.test(tenant))
    throw new DomainError('invalid', 'bad-tenant', `"${tenant}" is no tenant name: use a-z, 0-9 and _.`);
  return `${aggregate}-${tenant}-${id}`;
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
