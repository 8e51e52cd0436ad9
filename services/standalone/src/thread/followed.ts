import { FactsCommandExchange } from '@rapport/commands';
import { contexts } from '@rapport/contexts';
import { SealedFileStore } from '@rapport/files';
import { type Position, systemClock, calendarIn } from '@rapport/kernel';
import { mailOf } from '@rapport/mail';
import { createLogger, type Logger, startTelemetry, type Telemetry } from '@rapport/observability';
import { CachedKeyStore } from '@rapport/privacy';
import {
  type Audience,
  FactsExchange,
  type FollowerNews,
  monotonic,
  type Rebuild,
  soleOwnership,
} from '@rapport/processing';
import { type Dependency, type Engines, type RunningService, sourceOf, startInProcess } from '@rapport/service-kit';
import { openReading, SqliteEventReader, SqliteFileReader, SqliteKeyReader, type SqliteReading } from '@rapport/sqlite';
import { contextModules } from '../context-modules.js';
import { fileIn } from '../data-folder.js';
import { KEY_FILE } from '../key-file.js';
import { masterKeyIn } from '../master-key.js';
import type { StandaloneConfig } from '../settings.js';
import { factsOf, openViewsFile, type ViewsFile } from '../sqlite-engines.js';
import type { DoorCalls } from './calls.js';
import type { Line } from './line.js';
import { BooksElsewhere, EventsElsewhere, FilesElsewhere, KeysElsewhere } from './stores-elsewhere.js';

/** Everything that follows, in the thread that does: it reads facts and keys itself, writes the views, and asks the door for the rest. */
export class Followed {
  readonly keys: CachedKeyStore;
  private readonly facts: ReadonlyMap<string, OpenFacts>;
  private readonly engines = new Map<string, Engines>();
  private readonly exchange = new FactsExchange();
  private readonly commands = new FactsCommandExchange();
  private readonly views = new Map<string, ViewsFile>();
  private readonly services = new Map<string, RunningService>();
  private readonly closing: (() => Promise<void> | void)[] = [];
  private readonly logger: Logger;
  private telemetry: Telemetry | undefined;

  constructor(
    private readonly config: StandaloneConfig,
    private readonly door: Line<DoorCalls>,
    durable: Readonly<Record<string, Position>>,
  ) {
    this.logger = createLogger({ service: 'rapport', level: config.logLevel });
    const keys = this.reading(fileIn(config.data, KEY_FILE));
    this.keys = new CachedKeyStore(new KeysElsewhere(new SqliteKeyReader(keys, masterKeyIn(config)), door));
    this.facts = new Map(contexts.map(({ name }) => [name, this.openFacts(name, durable[name]!)]));
  }

  /** Resolves once everything follows. */
  async start(): Promise<void> {
    const { telemetry: enabled, otlpEndpoint } = this.config;
    this.telemetry = await startTelemetry({
      service: 'rapport',
      thread: 'followers',
      ...(enabled === null ? {} : { enabled }),
      ...(otlpEndpoint === null ? {} : { otlpEndpoint }),
    });
    this.closing.push(() => this.telemetry!.shutdown());
    for (const { name } of contexts) this.engines.set(name, await this.openEngines(name, this.telemetry));
    // Contexts follow each other's facts: those of all are there before the first begins, and until the last has stopped.
    for (const [name, engines] of this.engines)
      this.exchange.publish(sourceOf(contextModules[name as Name].service, engines));
    for (const [name, engines] of this.engines) {
      const service = await startInProcess(contextModules[name as Name].module(engines));
      this.services.set(name, service);
      this.closing.push(() => service.close());
    }
  }

  reached(context: string, position: Position): void {
    this.facts.get(context)?.events.advance(position);
  }

  async rebuild(context: string, projection: string): Promise<Rebuild> {
    const { allProjections } = this.services.get(context)!.runtime;
    return allProjections.find(({ name }) => name === projection)!.rebuild();
  }

  viewsFile(context: string): Dependency {
    return this.views.get(context)!.dependency();
  }

  async purge(context: string): Promise<void> {
    await this.engines.get(context)?.readModels.purge();
  }

  async metrics(): Promise<string> {
    return (await this.telemetry?.metricsText()) ?? '';
  }

  async close(): Promise<void> {
    for (const step of this.closing.splice(0).reverse()) await step();
  }

  private openFacts(context: string, durable: Position): OpenFacts {
    const reading = this.reading(factsOf(fileIn(this.config.data, context)));
    return { events: new SqliteEventReader(reading, durable), files: new SqliteFileReader(reading) };
  }

  private reading(file: string): SqliteReading {
    const reading = openReading(file);
    this.closing.push(() => reading.close());
    return reading;
  }

  private async openEngines(context: string, telemetry: Telemetry): Promise<Engines> {
    const { commands, config, door, exchange, keys } = this;
    const { events, files } = this.facts.get(context)!;
    const books = new BooksElsewhere(context, door);
    const views = await openViewsFile(fileIn(config.data, context), books, config.region);
    this.views.set(context, views);
    this.closing.push(async () => {
      await events.close();
      await views.close();
    });
    const mail = mailOf(config);
    return {
      ...(mail && { mail }),
      events: new EventsElsewhere(context, events, door),
      books,
      keys,
      lostKeys: config.lostKeys,
      readModels: views.readModels,
      exchange,
      commands,
      epoch: config.epoch,
      files: new SealedFileStore(new FilesElsewhere(context, files, door), keys),
      ownership: soleOwnership(audienceOf(context, door)),
      clock: systemClock,
      calendar: calendarIn(config.timeZone),
      ticks: monotonic,
      logger: this.logger.with({ service: context }),
      telemetry,
    };
  }
}

type Name = keyof typeof contextModules;

interface OpenFacts {
  readonly events: SqliteEventReader;
  readonly files: SqliteFileReader;
}

/** Those who look through the door: told once per turn of the latest of each follower. */
const audienceOf = (context: string, door: Line<DoorCalls>): Audience => {
  const latest = new Map<string, FollowerNews>();
  const tell = (): void => {
    if (latest.size > 0) door.tell('moved', context, [...latest]);
    latest.clear();
  };
  return {
    tell: (lease, news) => {
      latest.set(lease, news);
      if (latest.size === 1) queueMicrotask(tell);
    },
    goneOver: (lease) => {
      tell();
      return door.call('goneOver', context, lease);
    },
  };
};
