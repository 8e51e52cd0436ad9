import { changesOn, createsOn } from '../load/creates.js';
import type { LoadSeen } from '../load/load.js';
import { median, milliseconds, perSecond, whole } from '../report/figures.js';
import type { Bench } from '../row.js';
import type { Api } from '../workplace/api.js';
import { filledIn } from '../workplace/filled.js';

interface Page {
  readonly data: readonly { readonly id: string }[];
  readonly page: { readonly next?: string };
}

const PAGE = 200;

/** Durable changes of single records among many, against creates on the same server, in turns. */
export const update: Bench = {
  name: 'update',
  async measure(workplace) {
    const { api, server, contacts } = await filledIn(workplace);
    const [rounds, seconds, wanted] = workplace.quick ? [1, 2, 1_000] : [3, 6, 20_000];
    const ids = await idsOf(api, wanted);
    const changed: LoadSeen[] = [];
    const created: LoadSeen[] = [];
    for (let round = 0; round < rounds; round += 1) {
      changed.push(await changesOn(workplace, server.port, seconds, { ids, round }));
      created.push(await createsOn(workplace, server.port, seconds));
    }
    const ratio = median(changed.map(({ rate }, n) => rate / created[n]!.rate));
    const summary = (seen: readonly LoadSeen[]): string => {
      const of = (figure: 'rate' | 'p50' | 'p99'): number => median(seen.map((each) => each[figure]));
      return `${perSecond(of('rate'))}, p50 ${milliseconds(of('p50'))}, p99 ${milliseconds(of('p99'))}`;
    };
    return [
      {
        what: `durable change of one record among ${whole(contacts)}, 64 connections`,
        figure: summary(changed),
        limit: `creates on the same server: ${summary(created)}`,
        ratio,
        aim: '≥ 1',
        met: ratio >= 1,
        notes: [
          `Medians of ${rounds} rounds of ${seconds} s each, in turns. Each change is of another record and of one field; without If-Match.`,
          `All ${whole(changed.reduce((sum, { answers }) => sum + answers, 0))} were answered 200, each after its event was on the disk.`,
        ],
      },
    ];
  },
};

const idsOf = async (api: Api, wanted: number): Promise<readonly string[]> => {
  const ids: string[] = [];
  for (let cursor = ''; ids.length < wanted;) {
    const { data, page } = await api.get<Page>(`/v1/contacts?limit=${PAGE}${cursor && `&cursor=${cursor}`}`);
    ids.push(...data.map(({ id }) => id));
    if (page.next === undefined) break;
    cursor = page.next;
  }
  return ids;
};
