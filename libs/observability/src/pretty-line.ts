const COLOURS: Readonly<Record<string, string>> = {
  debug: '\u001b[90m',
  info: '\u001b[36m',
  warn: '\u001b[33m',
  error: '\u001b[31m',
};
const PLAIN = '\u001b[0m';
const FAINT = '\u001b[90m';

/** Turns a JSON log line into one for people: time, level, service, message, the other fields; a stack below. */
export const prettyLine = (json: string): string => {
  const { time, level, service, message, error, ...fields } = JSON.parse(json) as Record<string, unknown>;
  const others = Object.entries(fields).map(([name, value]) => `${name}=${plain(value)}`);
  const failure = error === undefined ? '' : `\n${stackOf(error)}`;
  const head = `${FAINT}${String(time).slice(11, 23)}${PLAIN} ${COLOURS[String(level)] ?? ''}${String(level).padEnd(5)}${PLAIN}`;
  const tail = others.length === 0 ? '' : ` ${FAINT}${others.join(' ')}${PLAIN}`;
  return `${head} ${plain(service)}: ${plain(message)}${tail}${failure}\n`;
};

const plain = (value: unknown): string => (typeof value === 'string' ? value : (JSON.stringify(value) ?? ''));

const stackOf = (error: unknown): string => {
  const { stack } = error as { stack?: unknown };
  return typeof stack === 'string' ? stack : plain(error);
};
