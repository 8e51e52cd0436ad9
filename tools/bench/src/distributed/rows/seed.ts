import type { Api } from '../../workplace/api.js';
import { contactOf } from '../../workplace/contacts.js';

const BATCH = 200;
const TOGETHER = 4;

interface Outcomes {
  readonly data: readonly { readonly status: number }[];
}

/** Creates companies by batches, for so long at most. Resolves to how many. @throws Error when one is not created */
export const seedAccounts = async (api: Api, count: number, milliseconds: number): Promise<number> => {
  const end = performance.now() + milliseconds;
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < count && performance.now() < end) {
      const from = next;
      next = Math.min(next + BATCH, count);
      const rows = Array.from({ length: next - from }, (_, n) => ({ create: accountOf(from + n) }));
      const { body } = await api.call<Outcomes>('POST', '/v1/accounts:batch', { body: { rows } });
      const refused = body.data.find(({ status }) => status !== 201);
      if (refused) throw new Error(`A company was not created: ${JSON.stringify(refused)}`);
    }
  };
  await Promise.all(Array.from({ length: TOGETHER }, work));
  return next;
};

/** A made-up company. */
export const accountOf = (n: number) => {
  const { lastName, phone, address } = contactOf(n);
  return { name: `${lastName} ${n}`, sector: 'retail', employees: n % 5_000, location: address.country, phone };
};
