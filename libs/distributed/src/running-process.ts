import { type Config, ConfigError, parseConfig, type Schema } from '@rapport/config';
import { DomainError } from '@rapport/kernel';
import { createLogger, type Logger, startTelemetry, type Telemetry } from '@rapport/observability';
import { type Dependency, needed, type ReadinessReport } from '@rapport/service-kit';
import { dependenciesOf, type DependencyCheck } from './readiness.js';
import type { processSettings } from './settings.js';

type Step = () => Promise<void> | void;

/** For everything but calls under way. Then the process ends by itself: what hangs must not keep a machine from being emptied. */
const CLOSING_MILLISECONDS = 10_000;

/** One process of Rapport from its start to its end: what it says, whether it is ready, and what is to be closed. */
export class RunningProcess {
  readonly #ending: Step[] = [];
  readonly #checks: DependencyCheck[] = [];
  #started = false;
  #stopping: Promise<void> | undefined;

  private constructor(
    readonly name: string,
    readonly logger: Logger,
    readonly telemetry: Telemetry,
    /** `performance.now()` by which everything that is needed must be there. */
    readonly startUntil: number,
    private readonly stopTimeout: number,
  ) {}

  static async start(name: string, config: Config<typeof processSettings>): Promise<RunningProcess> {
    const { logLevel, telemetry: enabled, otlpEndpoint, startTimeout, stopTimeout } = config;
    const telemetry = await startTelemetry({
      service: `rapport-${name}`,
      ...(enabled === null ? {} : { enabled }),
      ...(otlpEndpoint === null ? {} : { otlpEndpoint }),
    });
    const logger = createLogger({ service: name, level: logLevel });
    const running = new RunningProcess(name, logger, telemetry, performance.now() + startTimeout, stopTimeout);
    running.atEnd(() => telemetry.shutdown());
    process.on('SIGTERM', () => void running.stop());
    process.on('SIGINT', () => void running.stop());
    return running;
  }

  /** Steps are taken last to first when the process stops. */
  atEnd(step: Step): void {
    this.#ending.push(step);
  }

  /** What it works with. */
  dependsOn(check: DependencyCheck): void {
    this.#checks.push(check);
  }

  dependencies(): Promise<readonly Dependency[]> {
    return dependenciesOf(this.#checks);
  }

  /** Whether it takes calls: nobody is helped where a replica is taken away because of something that others lack as well. */
  async readiness(): Promise<ReadinessReport> {
    const parts = needed(await dependenciesOf(this.#checks.filter((check) => check.needed)));
    const detail = this.#stopping ? 'It is stopping.' : 'It is starting.';
    const runs = this.#started && !this.#stopping;
    const own = { name: 'process', ready: runs, ...(runs ? {} : { detail }) };
    return { ready: runs && parts.every(({ ready }) => ready), parts: [own, ...parts] };
  }

  /** Everything is open: from now on the checks alone decide. */
  started(): void {
    this.#started = true;
  }

  /** Ends the process in good order; with 1 where something went wrong on the way, or took too long. */
  stop(): Promise<void> {
    this.#stopping ??= this.#close().then(
      () => process.exit(0),
      (failure: unknown) => {
        this.logger.error('Stopping went wrong', {}, failure);
        process.exit(1);
      },
    );
    return this.#stopping;
  }

  async #close(): Promise<void> {
    setTimeout(() => process.exit(1), this.stopTimeout + CLOSING_MILLISECONDS).unref();
    for (const step of this.#ending.splice(0).reverse()) await step();
  }
}

/**
 * Reads the settings, starts, and runs until somebody says stop.
 * @param start takes what it opened to {@link RunningProcess.atEnd}
 */
export const runProcess = async <S extends Schema & typeof processSettings>(
  name: string,
  settings: S,
  start: (running: RunningProcess, config: Config<S>) => Promise<void>,
): Promise<void> => {
  try {
    const { config, warnings } = parseConfig(settings, process.env);
    const running = await RunningProcess.start(name, config);
    for (const warning of warnings) running.logger.warn(warning);
    await start(running, config);
    running.started();
  } catch (failure) {
    // What people can mend themselves is said in a sentence; the rest comes with its trace.
    const expected = failure instanceof ConfigError || failure instanceof DomainError;
    console.error(expected ? `${name} cannot start. ${failure.message}` : failure);
    process.exit(1);
  }
};
