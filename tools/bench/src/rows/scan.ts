import { milliseconds, percentile, seconds, whole } from '../report/figures.js';
import type { Bench } from '../row.js';
import { filledIn } from '../workplace/filled.js';

const AIM_SECONDS = 120;

/** All contacts are compared with each other, as after an import, while somebody reads. */
export const scan: Bench = {
  name: 'scan',
  async measure(workplace) {
    const { scanned, contacts } = await filledIn(workplace);
    const { took, counts, reads } = scanned;
    return [
      {
        what: `scan for duplicates, ${whole(contacts)} contacts`,
        figure: seconds(took / 1_000),
        limit: 'one core of this machine',
        aim: `≤ ${AIM_SECONDS} s`,
        met: took <= AIM_SECONDS * 1_000,
        notes: [
          `Began by itself at the end of the import. ${whole(counts.pairs)} pairs look like one person, ${whole(counts.added)} came into the queue${counts.full ? ', and the rest was left out' : ''}.`,
          `Reading one contact meanwhile, again and again: median ${milliseconds(percentile(reads, 0.5))}, p99 ${milliseconds(percentile(reads, 0.99))}, slowest ${milliseconds(Math.max(...reads))}.`,
        ],
      },
    ];
  },
};
