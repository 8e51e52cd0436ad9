import type { Backend } from '@rapport/service-kit';
import type { Binding, Contract, ContractMethod } from './contract.js';

export interface OfferedBinding {
  readonly method: ContractMethod;
  readonly binding: Binding;
  readonly backend: Backend;
}

/** What this gateway really serves. */
export const offeredBindings = (
  { services }: Contract,
  backends: ReadonlyMap<string, Backend>,
): readonly OfferedBinding[] =>
  services.flatMap(({ typeName, methods }) => {
    const backend = backends.get(typeName);
    if (!backend) return [];
    return methods.flatMap((method) => method.bindings.map((binding) => ({ method, binding, backend })));
  });
