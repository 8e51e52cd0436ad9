import { checkTenant, DomainError } from '@rapport/kernel';

/** Of this context, or of another: {@link externalAggregate}. */
const AGGREGATE = /^(?:[a-z][a-z0-9]{1,29}\.)?[a-z][a-zA-Z]{0,39}(?:@[1-9][0-9]{0,14})?$/;

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

/**
 * What another context's aggregate is called here: `contacts.account`. Once its source was set back to an earlier state and so
 * has another epoch, that is part of the name: `contacts.account@3`.
 */
export const externalAggregate = (context: string, aggregate: string, epoch = 0): string =>
  `${context}.${aggregate}${epoch > 0 ? `@${epoch}` : ''}`;

/** `account` of `contacts.account@3`: what the aggregate is called where it comes from. */
export const nameIn = (aggregate: string): string => aggregate.replace(/^.*\.|@[0-9]+$/g, '');

/** A stream's name as prefixes are declared, whatever epoch its source has: `contacts.account-…` for `contacts.account@3-…`. */
export const declaredName = (stream: string): string => stream.replace(EPOCH, '-');

const EPOCH = /(?<=^[a-zA-Z0-9.]+)@[0-9]+-/;

/** Prefix of every stream of an aggregate, for {@link EventStore.follow}. */
export const prefixOf = (aggregate: string): string => `${aggregate}-`;
