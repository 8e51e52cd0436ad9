import type { Page } from '@rapport/event-store';
import { ATTRIBUTES, meter, METRICS, SPANS, tracer } from '@rapport/observability';
import type { Progress } from './progress.js';

const position = meter.gauge(METRICS.followerPosition);
const lagSeconds = meter.gauge(METRICS.followerLagSeconds);

/** Does the work on a page within a span of its own. */
export const inPageSpan = <T>(follower: string, page: Page, work: () => Promise<T>): Promise<T> =>
  tracer.enabled
    ? tracer.span(
        SPANS.followBatch,
        { [ATTRIBUTES.follower]: follower, [ATTRIBUTES.batchSize]: page.events.length },
        work,
      )
    : work();

/**
 * Tells how far a follower has come. Its lag is the age of the last event it handled, nothing once it has caught up; how
 * many events that is, the store does not say.
 */
export const reportProgress = ({ follower, position: at, caughtUp, lastRecordedAt }: Progress): void => {
  if (!meter.enabled) return;
  const attributes = { [ATTRIBUTES.follower]: follower };
  position.set(Number(at), attributes);
  const age = caughtUp || lastRecordedAt === undefined ? 0 : (Date.now() - Date.parse(lastRecordedAt)) / 1_000;
  lagSeconds.set(Math.max(0, age), attributes);
};
