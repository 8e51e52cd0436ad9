import type { Api } from '../workplace/api.js';
import { contactOf } from '../workplace/contacts.js';

const BATCH = 200;
const TOGETHER = 4;
/** Of each person: one event makes the contact, the others change it. */
export const EVENTS_EACH = 10;

interface Outcomes {
  readonly data: readonly { readonly status: number; readonly id: string }[];
}

/** Brings contacts from number `from` to before `to` in, and gives each its history, by the batches of the public API. */
export const fill = async (api: Api, from: number, to: number): Promise<void> => {
  let next = from;
  const work = async (): Promise<void> => {
    while (next < to) {
      const first = next;
      next = Math.min(next + BATCH, to);
      const people = Array.from({ length: next - first }, (_, n) => contactOf(first + n));
      const ids = await done(
        api,
        people.map((create) => ({ create })),
      );
      for (let turn = 1; turn < EVENTS_EACH; turn += 1)
        await done(
          api,
          ids.map((id, n) => ({ update: { id, contact: changeOf(first + n, turn) } })),
        );
    }
  };
  await Promise.all(Array.from({ length: TOGETHER }, work));
};

/** What becomes known of a person, one thing after the other. */
const changeOf = (n: number, turn: number): object => {
  const { title, phone } = contactOf(n * EVENTS_EACH + turn);
  return turn % 2 === 0 ? { title } : { phone };
};

/** Resolves to the ids of the rows. @throws Error when one is refused */
const done = async (api: Api, rows: readonly object[]): Promise<readonly string[]> => {
  const { body } = await api.call<Outcomes>('POST', '/v1/contacts:batch', { body: { rows } });
  const refused = body.data.find(({ status }) => status >= 300);
  if (refused) throw new Error(`A row was refused: ${JSON.stringify(refused)}`);
  return body.data.map(({ id }) => id);
};
