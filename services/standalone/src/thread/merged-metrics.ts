import type { Telemetry } from '@rapport/observability';

/** Answers GET /metrics with those of this thread and of another: every metric once, with the samples of both. */
export const mergedMetrics = (own: Telemetry, others: () => Promise<string>): Telemetry['metrics'] => {
  if (!own.enabled) return own.metrics;
  return (_request, response) => {
    Promise.all([own.metricsText(), others()]).then(
      ([one, other]) => {
        response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' });
        response.end(merged(one, other));
      },
      (failure: unknown) => response.destroy(failure as Error),
    );
  };
};

/** Two texts of Prometheus as one: samples stand below the description of their metric, which may come only once. */
export const merged = (one: string, other: string): string => {
  const metrics = metricsIn(one);
  for (const [name, lines] of metricsIn(other)) {
    const known = metrics.get(name);
    metrics.set(name, known ? [...known, ...lines.filter((line) => !line.startsWith('#'))] : lines);
  }
  return [...metrics.values()].flat().join('\n') + '\n';
};

/** The lines of each metric: its description, then its samples. */
const metricsIn = (text: string): Map<string, string[]> => {
  const metrics = new Map<string, string[]>();
  let lines: string[] = [];
  let current = '';
  for (const line of text.split('\n').filter(Boolean)) {
    const described = /^# (?:HELP|TYPE|UNIT) (\S+)/.exec(line)?.[1];
    if (described !== undefined && described !== current) {
      current = described;
      lines = [];
      metrics.set(current, lines);
    }
    lines.push(line);
  }
  return metrics;
};
