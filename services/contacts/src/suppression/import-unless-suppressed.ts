import type { RecordOrder, RecordTarget } from '@rapport/imports';
import { isRejection } from '@rapport/kernel';
import { addressesIn, type PlacedAddress } from '../addresses/addresses-in.js';
import type { Suppressions } from './suppressions.js';

/** Contacts as imports write them: a row that would bring a suppressed address in is refused, tried out or not. */
export const importUnlessSuppressed = (target: RecordTarget, suppressions: Suppressions): RecordTarget => {
  const refuse = async (order: RecordOrder): Promise<void> => {
    const { tenant } = order;
    if (!(await suppressions.anyIn(tenant))) return;
    const { watched, said } = watch(order);
    await target.preview(watched);
    await suppressions.refuse(said, tenant);
  };
  return {
    ...target,
    apply: async (order) => {
      await refuse(order);
      return target.apply(order);
    },
    preview: async (order) => {
      await refuse(order);
      return target.preview(order);
    },
  };
};

/** The order, which tells what addresses it would write. */
const watch = (order: RecordOrder): { readonly watched: RecordOrder; readonly said: readonly PlacedAddress[] } => {
  const said: PlacedAddress[] = [];
  const steps = order.steps.map((step): RecordOrder['steps'][number] => ({
    ...step,
    decide: (state, at, history) => {
      const decision = step.decide(state, at, history);
      if (isRejection(decision)) return decision;
      for (const { data } of decision) said.push(...addressesIn(data), ...addressesIn((data as Edited).set ?? null));
      return decision;
    },
  }));
  return { watched: { ...order, steps }, said };
};

interface Edited {
  readonly set?: object;
}
