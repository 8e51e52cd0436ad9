import type { Destination, Destinations } from '../contexts/destinations.js';
import type { Binding, Contract, ContractMethod } from './contract.js';

export interface OfferedBinding {
  readonly method: ContractMethod;
  readonly binding: Binding;
  readonly destination: Destination;
}

/** What this gateway really serves. */
export const offeredBindings = ({ services }: Contract, destinations: Destinations): readonly OfferedBinding[] =>
  services
    .flatMap(({ methods }) => methods)
    .flatMap((method) => {
      const destination = destinations.of(method);
      return destination ? method.bindings.map((binding) => ({ method, binding, destination })) : [];
    });
