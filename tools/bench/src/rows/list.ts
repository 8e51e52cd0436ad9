import { milliseconds, percentile, percentiles, whole } from '../report/figures.js';
import type { Bench } from '../row.js';
import type { Api } from '../workplace/api.js';
import { cityOf, contactOf } from '../workplace/contacts.js';
import { type Filled, filledIn } from '../workplace/filled.js';

interface ListPage {
  readonly data: readonly object[];
  readonly page: { readonly next: string };
}

interface Question {
  readonly name: string;
  /** Parameters of the n-th request: they differ, so that nothing is answered from a cache. */
  readonly parameters: (n: number) => Readonly<Record<string, string>>;
  /** Unless it says otherwise, it has some. */
  readonly hits?: boolean;
}

const QUESTIONS: readonly Question[] = [
  {
    name: 'selective filter (1 in 200), default sort',
    parameters: (n) => ({ filter: `address.city = "${cityOf(n)}"` }),
  },
  {
    name: 'filter on two fields (1 in 60), sorted by another',
    parameters: (n) => ({
      filter: `address.country = "${contactOf(n).address.country}" AND title = "${contactOf(n).title}"`,
      sort: '-email',
    }),
  },
  { name: 'filter that nearly all match, default sort', parameters: (n) => ({ filter: `phone != "+49 30 ${n}"` }) },
  {
    name: 'filter that nearly all match, sorted without an index',
    parameters: (n) => ({ filter: `phone != "+49 30 ${n}"`, sort: '-createdAt' }),
  },
  {
    name: 'part of a name, default sort',
    parameters: (n) => ({ filter: `lastName:"${contactOf(n).lastName.slice(1, 6)}"` }),
  },
  { name: 'search without a hit', parameters: (n) => ({ filter: `lastName:"zq${n}"` }), hits: false },
  {
    name: 'filter on an owner whom nobody has, sorted by another field',
    parameters: (n) => ({ filter: `ownerId = "nobody-${n}"`, sort: 'lastName' }),
    hits: false,
  },
  {
    name: 'filter on an owner whom nobody has OR a city, sorted by two fields',
    parameters: (n) => ({
      filter: `ownerId = "nobody-${n}" OR address.city = "${cityOf(n)}"`,
      sort: 'lastName,-createdAt',
    }),
  },
  {
    name: 'start of an e-mail address',
    parameters: (n) => ({ filter: `email = "${contactOf(n).email.slice(0, 5)}*"`, sort: 'email' }),
  },
];

/** Pages of 50 out of a long list, one request after the other. */
export const list: Bench = {
  name: 'list',
  async measure(workplace) {
    const filled = await filledIn(workplace);
    const requests = workplace.quick ? 40 : 200;
    const asked = [...QUESTIONS, await deepInTheList(filled)];
    const seen = await times(filled.api, [...asked, ...asked.map(withTotal)], requests);
    const slowest = seen.reduce((worst, each) => (p95(each) > p95(worst) ? each : worst));
    const open = await unanswered(filled.api, requests);
    return [
      {
        what: `list page, ${whole(filled.contacts)} contacts, filter and sort`,
        figure: `p95 ${milliseconds(p95(slowest))} (${slowest.name})`,
        limit: `a request that asks nothing (/healthz): p95 ${milliseconds(percentile(open, 0.95))}. Twenty's own claim: p95 200 ms`,
        aim: 'p95 ≤ 50 ms',
        met: p95(slowest) <= 50,
        notes: [
          ...seen.map(
            ({ name, times }) =>
              `${name}: ${percentiles(times, 0.5, 0.95)}, slowest ${milliseconds(Math.max(...times))}.`,
          ),
          `${requests} requests each over HTTP, one after the other, after 10 that are not counted; the figure is that of the slowest question. As administrator, who may see every row.`,
        ],
      },
    ];
  },
};

interface Times {
  readonly name: string;
  /** Milliseconds. */
  readonly times: readonly number[];
}

/** Every question but that of the middle of the list, `requests` times. */
export const listTimes = (api: Api, requests: number): Promise<readonly Times[]> => times(api, QUESTIONS, requests);

const times = async (api: Api, questions: readonly Question[], requests: number): Promise<readonly Times[]> => {
  const seen: Times[] = [];
  for (const question of questions) seen.push({ name: question.name, times: await ask(api, question, requests) });
  return seen;
};

/** The same, and how many there are in all. */
const withTotal = ({ name, ...question }: Question): Question => ({
  ...question,
  name: `${name}, with total`,
  parameters: (n) => ({ ...question.parameters(n), total: 'true' }),
});

const p95 = ({ times }: Times): number => percentile(times, 0.95);

const ask = async (api: Api, { parameters, hits = true }: Question, requests: number): Promise<readonly number[]> => {
  const times: number[] = [];
  for (let n = -10; n < requests; n += 1) {
    const path = `/v1/contacts?${new URLSearchParams({ limit: '50', ...parameters(n + 10) }).toString()}`;
    const began = performance.now();
    const { data } = await api.get<ListPage>(path);
    if (n >= 0) times.push(performance.now() - began);
    if (data.length > 0 !== hits)
      throw new Error(`${path} found ${data.length}; there should be ${hits ? 'some' : 'none'}.`);
  }
  return times;
};

/** Walks to the middle of the list first. */
const deepInTheList = async ({ api, contacts }: Filled): Promise<Question> => {
  const sort = 'lastName';
  let cursor = '';
  for (let passed = 0; passed < contacts / 2; passed += 200) {
    const parameters = new URLSearchParams({ sort, limit: '200', ...(cursor === '' ? {} : { cursor }) });
    cursor = (await api.get<ListPage>(`/v1/contacts?${parameters.toString()}`)).page.next;
  }
  return { name: 'page in the middle of the list, by cursor', parameters: () => ({ sort, cursor }) };
};

const unanswered = async (api: Api, requests: number): Promise<readonly number[]> => {
  const times: number[] = [];
  for (let n = 0; n < requests; n += 1) {
    const began = performance.now();
    await api.get('/healthz');
    times.push(performance.now() - began);
  }
  return times;
};
