import { optionsV1 } from '@rapport/contracts';
import { DomainError } from '@rapport/kernel';
import { type Backend, type FieldShape, closestName } from '@rapport/service-kit';
import type { ContractMethod } from '../contract/contract.js';
import type { Context } from '../gateway-options.js';

const { Route } = optionsV1;

/** What answers the calls of a method. */
export interface Destination {
  /** Where one of several contexts does: the field of the request that says which, and all that it may say. */
  readonly choice?: { readonly field: string; readonly names: readonly string[] };
  /** @throws DomainError where the request names nothing that is there */
  of(request: object): Backend;
}

/** Finds the destination of every method among what the gateway answers itself and the contexts behind it. */
export class Destinations {
  readonly #sole: ReadonlyMap<string, Backend>;

  constructor(
    own: Backend,
    private readonly contexts: readonly Context[],
  ) {
    const backends = [own, ...contexts.map(({ backend }) => backend)];
    this.#sole = new Map(backends.flatMap((backend) => [...backend.services].map((name) => [name, backend] as const)));
  }

  /** Undefined for a method that nobody here answers. */
  of({ service, request }: ContractMethod): Destination | undefined {
    const field = request.fields.find(({ route }) => route !== Route.ROUTE_UNSPECIFIED);
    if (field) return this.#routed(service, field);
    const backend = this.#sole.get(service);
    return backend && { of: () => backend };
  }

  #routed(service: string, { name: field, route }: FieldShape): Destination | undefined {
    const serving = this.contexts.filter(({ backend }) => backend.services.has(service));
    const named = serving.flatMap((context) => namesOf(context, route).map((name) => [name, context.backend] as const));
    const backends = new Map(named);
    const names = [...backends.keys()].sort();
    if (names.length === 0) return undefined;
    return {
      choice: { field, names },
      of(request) {
        const name = (request as Readonly<Record<string, string>>)[field] ?? '';
        return backends.get(name) ?? unknown(field, name, names);
      },
    };
  }
}

const namesOf = ({ name, importKinds }: Context, route: optionsV1.Route): readonly string[] =>
  route === Route.ROUTE_CONTEXT ? [name] : importKinds;

const unknown = (field: string, name: string, names: readonly string[]): never => {
  const meant = closestName(name, names);
  const advice = meant === undefined ? '' : ` Did you mean "${meant}"?`;
  const message = `There is no ${field} "${name.slice(0, 100)}" here; there are: ${names.join(', ')}.${advice}`;
  throw new DomainError('not-found', `unknown-${field}`, message);
};
