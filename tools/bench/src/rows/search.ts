import { milliseconds, percentile, percentiles, whole } from '../report/figures.js';
import type { Bench } from '../row.js';
import type { Api } from '../workplace/api.js';
import { contactOf } from '../workplace/contacts.js';
import { type Filled, filledIn } from '../workplace/filled.js';
import { importContacts } from '../workplace/import-contacts.js';

interface Question {
  readonly name: string;
  /** The n-th one: they differ, so that nothing is answered from a cache. */
  readonly asked: (n: number) => string;
  /** Whether it finds anybody: unless it says otherwise it does, undefined where some do not. */
  readonly hits?: boolean | undefined;
}

const QUESTIONS: readonly Question[] = [
  {
    name: 'first and last name',
    asked: (n) => `${contactOf(n * 7).lastName} ${contactOf(n * 7).firstName}`,
  },
  { name: 'a last name', asked: (n) => contactOf(n * 7).lastName },
  { name: 'two letters', asked: (n) => contactOf(n * 7).lastName.slice(0, 2) },
  { name: 'three letters and two', asked: (n) => beginnings(n, 3, 2) },
  { name: 'both names with a mistake', asked: (n) => `${swapped(contactOf(n).lastName)} ${contactOf(n).firstName}` },
  { name: 'a last name with a mistake', asked: (n) => swapped(contactOf(n * 7).lastName) },
  { name: 'the beginning of an e-mail address', asked: (n) => contactOf(n).email.slice(0, 14) },
  { name: 'the end of a phone number', asked: (n) => contactOf(n).phone.slice(-6), hits: undefined },
  { name: 'nobody', asked: (n) => `zqxzq${n} yqvyq`, hits: false },
];

const beginnings = (n: number, first: number, last: number): string => {
  const { firstName, lastName } = contactOf(n * 7);
  return `${firstName.slice(0, first)} ${lastName.slice(0, last)}`;
};

/** Two letters the other way round. */
const swapped = (word: string): string => word[0]! + word[2]! + word[1]! + word.slice(3);

/** The first 20 of all kinds, one request after the other. */
export const search: Bench = {
  name: 'search',
  async measure(workplace) {
    const filled = await filledIn(workplace);
    const contacts = await doubled(filled);
    const requests = workplace.quick ? 30 : 100;
    const seen = [];
    for (const question of QUESTIONS)
      seen.push({ name: question.name, times: await ask(filled.api, question, requests) });
    const slowest = seen.reduce((worst, each) => (p95(each) > p95(worst) ? each : worst));
    return [
      {
        what: `search, ${whole(contacts)} records`,
        figure: `p95 ${milliseconds(p95(slowest))} (${slowest.name})`,
        limit: 'none: the same machine in the same run',
        aim: 'p95 ≤ 50 ms',
        met: p95(slowest) <= 50,
        notes: [
          ...seen.map(
            ({ name, times }) =>
              `${name}: ${percentiles(times, 0.5, 0.95)}, slowest ${milliseconds(Math.max(...times))}.`,
          ),
          `${requests} requests each over HTTP, one after the other, after 5 that are not counted; the figure is that of the slowest question.`,
        ],
      },
    ];
  },
};

/** As many again: a search is aimed at twice as many records as a list. */
const doubled = async ({ api, contacts, server }: Filled): Promise<number> => {
  const { counts } = await importContacts(api, server.pid, contacts, contacts);
  return contacts + counts['created']!;
};

const p95 = ({ times }: { readonly times: readonly number[] }): number => percentile(times, 0.95);

const ask = async (api: Api, question: Question, requests: number): Promise<readonly number[]> => {
  const { asked, hits } = { hits: true, ...question };
  const times: number[] = [];
  for (let n = -5; n < requests; n += 1) {
    const path = `/v1/search?${new URLSearchParams({ q: asked(n + 5) }).toString()}`;
    const began = performance.now();
    const { data } = await api.get<{ readonly data: readonly object[] }>(path);
    if (n >= 0) times.push(performance.now() - began);
    if (hits !== undefined && data.length > 0 !== hits)
      throw new Error(`${path} found ${data.length}; there should be ${hits ? 'some' : 'none'}.`);
  }
  return times;
};
