import { pino, type DestinationStream, type Logger as Pino } from 'pino';
import { currentTraceparent } from './tracer.js';
import { prettyLine } from './pretty-line.js';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';

/**
 * What stands beside a message: plain values, so that no document gets into a log by accident. Never personal data:
 * ids, counts and names of things, not what people entered.
 */
export interface LogFields {
  readonly correlationId?: string;
  readonly tenant?: string;
  readonly [name: string]: string | number | boolean | undefined;
}

export interface Logger {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  /** Of an error its name, code, message and stack are logged. */
  warn(message: string, fields?: LogFields, error?: unknown): void;
  error(message: string, fields?: LogFields, error?: unknown): void;
  /** A logger that adds these fields to every line. */
  with(fields: LogFields): Logger;
}

export interface LoggerConfig {
  readonly service: string;
  /** Default `info`. */
  readonly level?: LogLevel;
  /** `text` is one readable line, `json` one object per line. Default: text on a terminal. */
  readonly format?: 'json' | 'text';
  /** Default: standard output, written without blocking. */
  readonly destination?: DestinationStream;
}

export const createLogger = (config: LoggerConfig): Logger => {
  const { service, level = 'info', format = process.stdout.isTTY ? 'text' : 'json' } = config;
  const options = {
    level,
    base: { service },
    messageKey: 'message',
    errorKey: 'error',
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    serializers: { error: describeError },
    mixin: traceFields,
  };
  return new PinoLogger(pino(options, destinationOf(format, config.destination)));
};

/** For tests and tools that say nothing. */
export const silentLogger: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  with: () => silentLogger,
};

class PinoLogger implements Logger {
  constructor(private readonly pino: Pino) {}

  debug(message: string, fields?: LogFields): void {
    this.pino.debug(fields, message);
  }

  info(message: string, fields?: LogFields): void {
    this.pino.info(fields, message);
  }

  warn(message: string, fields?: LogFields, error?: unknown): void {
    this.pino.warn(withError(fields, error), message);
  }

  error(message: string, fields?: LogFields, error?: unknown): void {
    this.pino.error(withError(fields, error), message);
  }

  with(fields: LogFields): Logger {
    return new PinoLogger(this.pino.child(fields));
  }
}

const destinationOf = (format: 'json' | 'text', given: DestinationStream | undefined): DestinationStream => {
  const stream = given ?? pino.destination({ dest: 1, sync: false });
  return format === 'json' ? stream : { write: (line) => stream.write(prettyLine(line)) };
};

const withError = (fields: LogFields | undefined, error: unknown): object | undefined =>
  error === undefined ? fields : { ...fields, error };

/** A new object each time: pino adds the line's own fields to it. */
const traceFields = (): object => {
  const traceId = currentTraceparent()?.slice(3, 35);
  return traceId === undefined ? {} : { traceId };
};

const describeError = (error: unknown): unknown => {
  if (!(error instanceof Error)) return String(error);
  const { name, message, stack } = error;
  return { name, ...('code' in error ? { code: error.code } : {}), message, stack };
};
