import { megabytes, milliseconds, perSecond, seconds, whole } from '../report/figures.js';
import type { Bench, Row, Table } from '../row.js';
import type { Workplace } from '../workplace/workplace.js';
import { EVENTS_EACH } from './fill.js';
import { type Place, type Stage, stageOf } from './stage.js';

/** Contacts in the largest stage: `RAPPORT_BENCH_CONTACTS` says otherwise. */
const CONTACTS = 1_000_000;
const QUICK_CONTACTS = 10_000;
const MOST_MILLISECONDS = 300;

/** What grows with what is stored, and how: the same questions to a small, a larger and a large installation. */
export const growth: Bench = {
  name: 'growth',
  async measure(workplace) {
    const most = Number(process.env['RAPPORT_BENCH_CONTACTS'] ?? (workplace.quick ? QUICK_CONTACTS : CONTACTS));
    const sizes = [most / 10, most / 3, most].map(Math.round);
    const folder = workplace.folder('large');
    let server = await workplace.standalone(folder);
    const place = placeOf(workplace, folder, async () => {
      await server.stop();
      return workplace.standalone(folder);
    });
    const stages: Stage[] = [];
    for (const [n, size] of sizes.entries()) {
      const stage = await stageOf(place, server, sizes[n - 1] ?? 0, size);
      server = stage.server;
      stages.push(stage);
    }
    await server.stop();
    return [rowOf(stages)];
  },
};

const placeOf = (workplace: Workplace, folder: string, restart: Place['restart']): Place => ({
  ...{ folder, restart, quick: workplace.quick },
  apiOf: (server) => workplace.apiOf(server),
});

const rowOf = (stages: readonly Stage[]): Row => {
  const last = stages.at(-1)!;
  const [question, slowest] = [...last.lists].reduce((worst, each) => (each[1] > worst[1] ? each : worst));
  return {
    what: `${whole(last.contacts)} contacts, ${whole(last.events)} events in one process`,
    figure: `list p95 ${milliseconds(slowest)} (${question}); ${megabytes(last.atRest?.resident)} at rest`,
    limit: '',
    aim: `every list question p95 ≤ ${MOST_MILLISECONDS} ms`,
    met: slowest <= MOST_MILLISECONDS,
    table: tableOf(stages),
    notes: [
      `Each contact has ${EVENTS_EACH} events: it is made, and changed, by batches of 200, four at once, until every list shows it. Then the process is started again.`,
      'Lists are asked over HTTP, one request after the other, pages of 50. The feed is read from the first event on, by pages of 500.',
      'Rebuilt is the list of contacts, beside the one in use. Files of 20,000 people whom nobody knows are brought in, those of earlier stages beside the contacts of the first line.',
    ],
  };
};

const tableOf = (stages: readonly Stage[]): Table => {
  const line = (name: string, of: (stage: Stage) => string): readonly string[] => [name, ...stages.map(of)];
  const bytes = (kind: string) => (stage: Stage) => {
    const size = stage.disk.get(kind) ?? 0;
    return `${megabytes(size)}, ${whole(size / stage.events)} B an event`;
  };
  return [
    line('contacts', ({ contacts }) => whole(contacts)),
    line('events', ({ events }) => whole(events)),
    line('written, until every list shows it', ({ added, fill }) => `${perSecond((added * 1_000) / fill)} events`),
    line('start to ready', ({ restart }) => seconds(restart / 1_000)),
    line('memory after a start', ({ atRest }) => megabytes(atRest?.resident)),
    ...[...stages[0]!.lists.keys()].map((name) =>
      line(`list p95: ${name}`, ({ lists }) => milliseconds(lists.get(name)!)),
    ),
    line('feed from its beginning', ({ feed }) => `${perSecond((feed.events * 1_000) / feed.took)} events`),
    line('list of contacts rebuilt in', ({ rebuild }) => seconds(rebuild / 1_000)),
    line('events of it', ({ events, rebuild }) => perSecond((events * 1_000) / rebuild)),
    line('memory at the most meanwhile', ({ rebuilding }) => megabytes(rebuilding?.peak)),
    line('import, the run alone', ({ importedPerMinute }) => `${whole(importedPerMinute)} rows/min`),
    line('memory after it', ({ afterImport }) => megabytes(afterImport?.resident)),
    ...['facts', 'keys', 'views'].map((kind) => line(`disk: ${kind}`, bytes(kind))),
  ];
};
