import type { Provider, Type } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { Documents } from '@rapport/read-models';
import { customPartOf, hasCustom } from '../custom/open-field-book.js';
import { leadsOf } from '../merges/aliases.js';
import type { Claims } from '../records/claims.js';
import type { DocumentOf } from '../records/define-record.js';
import { type RecordApi, recordHandlers, type SpecialCommands } from '../records/record-handlers.js';
import { type PlainRecords, Records } from '../records/records.js';
import type { AnyRecord, ServedRecord } from './served-record.js';
import type { ServiceRuntime } from './service-runtime.js';
import { RUNTIME } from './tokens.js';

interface Further<Defined extends AnyRecord> {
  /** What is read of its list, where that is not its documents as they are stored. */
  readonly read?: (runtime: ServiceRuntime) => Documents<DocumentOf<Defined>>;
  /** What has to hold between its records. */
  readonly claims?: Type<Claims<never>>;
}

interface Special<Defined extends AnyRecord> extends Further<Defined> {
  /** What only this kind can do, or does in a way of its own. */
  readonly api: Type<RecordApi<Defined>>;
}

/** Asked for where the contract has methods that not every record has. */
type SpecialOf<Defined extends AnyRecord> =
  Record<string, never> extends RecordApi<Defined>
    ? [special?: Further<Defined> & Partial<Special<Defined>>]
    : [special: Special<Defined>];

type Identified = { readonly id: string };

/** Has a service answer for a kind of record. */
export const serve = <Defined extends AnyRecord>(record: Defined, ...[special]: SpecialOf<Defined>): ServedRecord => {
  const { decider, projection, kind, token, noun, plural, methods } = record;
  const handlers = Symbol(`API of ${decider.aggregate}`);
  const names = { aggregate: decider.aggregate, noun, plural };
  const api = special?.api ? [special.api] : [];
  const claiming = special?.claims ? [special.claims] : [];
  const records: Provider = {
    provide: token,
    inject: [CommandBus, RUNTIME, ...claiming],
    useFactory: (commands: CommandBus, runtime: ServiceRuntime, claims?: Claims<never>) => {
      const list = runtime.projection(projection);
      const documents = special?.read?.(runtime) ?? list.documents;
      const { context } = runtime.definition;
      const { calendar } = runtime.tenants;
      const { events, heardOf, listOf } = runtime;
      const leadsTo = leadsOf({ ...kind.refersTo, ...kind.leadsTo, id: decider.aggregate }, runtime);
      const shared = { commands, events, list, listOf, heardOf, leadsTo, documents, context, calendar };
      const custom = hasCustom(projection) ? customPartOf(runtime, decider.aggregate) : undefined;
      const parts = { ...shared, ...(claims && { claims }), ...(custom && { custom }) };
      return new Records(kind as never, parts as never);
    },
  };
  const answers: Provider = {
    provide: handlers,
    inject: [token, ...api],
    useFactory: (plain: PlainRecords<Identified>, own: SpecialCommands<Identified> = {}) => ({
      ...recordHandlers(names, plain, own),
      ...ownMethods(own, methods),
    }),
  };
  return { record, providers: [records, ...claiming, ...api, answers], handlers };
};

/** The methods of the contract that an API has itself. */
const ownMethods = (api: object, methods: readonly string[]): object => {
  const own = api as Readonly<Record<string, unknown>>;
  return Object.fromEntries(
    methods.flatMap((name) => {
      const method = own[name];
      return typeof method === 'function' ? [[name, (...call: unknown[]): unknown => method.apply(api, call)]] : [];
    }),
  );
};
