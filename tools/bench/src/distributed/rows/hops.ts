import { milliseconds } from '../../report/figures.js';
import type { Bench } from '../../row.js';
import { ask } from '../tracing/asked.js';
import { Collector } from '../tracing/collector.js';
import { type Hops, hopsIn, hopTable } from '../tracing/hop-table.js';
import type { Sides } from '../sides.js';

/** Where the time of one request goes, from the spans of every process. */
export const hops: Bench<Sides> = {
  name: 'hops',
  async measure(sides) {
    const requests = sides.workplace.quick ? 20 : 200;
    const { standalone, distributed } = await seenBy(sides, requests);
    return [
      {
        what: 'one request at a time: the cost of each hop',
        figure: figureOf(distributed),
        limit: `standalone: ${figureOf(standalone)}`,
        aim: '',
        table: hopTable(standalone, distributed),
        notes: [
          `Medians of ${requests} creates of an account and ${requests} list pages of 50, one after the other with a rest between them, after 30 of each that are not counted. Self is the time of a span without the spans that it waits for; telemetry itself is in it.`,
          '`request` is what the client waits for, `http` what the gateway does of it. `call` itself is the way to the context and back by gRPC, `serve` itself checks who asks and, for a list, reads the documents.',
          'The rest goes on after the answer: `from … to …` is the time until an event was taken to be handed to the bus, and from there until sales began with it (processes tell the begin of a span in whole milliseconds). `publish` only marks the message; the publishing itself is `follow relay:contacts`.',
        ],
      },
    ];
  },
};

const seenBy = async (sides: Sides, requests: number): Promise<{ standalone: Hops; distributed: Hops }> => {
  await using collector = await Collector.open();
  const settings = { OTEL_EXPORTER_OTLP_ENDPOINT: collector.address, OTEL_BSP_SCHEDULE_DELAY: '500' };
  const seen = async (anew: Sides['anew'][keyof Sides['anew']]): Promise<Hops> => {
    const asked = await anew(settings, ({ api }) => ask(api, requests));
    return hopsIn(collector.drain(), asked);
  };
  await sides.stop();
  return { standalone: await seen(sides.anew.standalone), distributed: await seen(sides.anew.distributed) };
};

const figureOf = (hops: Hops): string =>
  `create ${milliseconds(hops.get('create: request')!.whole)}, list ${milliseconds(hops.get('list: request')!.whole)}`;
