import type { MessageBus, OutgoingMessage, SubscribeOptions } from '../message-bus.js';

/** What an engine may be unable to do; a missing feature is reported as such, never skipped silently. */
export interface MessageBusFeatures {
  /** Messages and group offsets are still there after closing the bus and opening it again. */
  readonly survivesRestart: boolean;
  /** There is a broker that can be restarted under a running bus, which then reconnects by itself. */
  readonly reconnects: boolean;
  /** Several processes may use it at the same time, each with a bus of its own. */
  readonly shared: boolean;
}

export interface MessageBusUnderTest {
  readonly bus: MessageBus;
  /** Closes `bus` and opens another over the same messages. Needed for `survivesRestart`. */
  readonly reopen?: () => Promise<MessageBus>;
  /** Ends the broker hard and starts it again. Needed for `reconnects`. */
  readonly restartBroker?: () => Promise<void>;
  /** Opens another bus over the same messages, as another process would. Needed for `shared`. */
  readonly another?: () => Promise<MessageBus>;
  /** Makes topics where the engine needs to be told. */
  readonly createTopics?: (topics: readonly string[]) => Promise<void>;
  /** Closes whatever is open and removes what was written. */
  readonly close: () => Promise<void>;
}

export interface MessageBusSetup {
  open(): Promise<MessageBusUnderTest>;
  readonly features: MessageBusFeatures;
}

/** Opened anew for every test; topics get names of their own, so that tests may share a broker. */
export class BusFixture {
  private static made = 0;
  private opened: MessageBusUnderTest | undefined;
  private current: MessageBus | undefined;
  private name = '';

  constructor(private readonly setup: MessageBusSetup) {}

  get bus(): MessageBus {
    if (this.current === undefined) throw new Error('The bus is not open yet.');
    return this.current;
  }

  get topic(): string {
    return this.name;
  }

  readonly open = async (): Promise<void> => {
    BusFixture.made += 1;
    this.name = `rapport.suite-${process.pid}-${Date.now()}-${BusFixture.made}.v1`;
    this.opened = await this.setup.open();
    this.current = this.opened.bus;
    await this.createTopics(this.name);
  };

  readonly close = async (): Promise<void> => {
    await this.opened?.close();
  };

  async createTopics(...topics: readonly string[]): Promise<void> {
    await this.opened?.createTopics?.(topics);
  }

  async reopen(): Promise<void> {
    if (this.opened?.reopen === undefined)
      throw new Error('survivesRestart is declared, so open() must give reopen().');
    this.current = await this.opened.reopen();
  }

  async another(): Promise<MessageBus> {
    if (this.opened?.another === undefined) throw new Error('shared is declared, so open() must give another().');
    return this.opened.another();
  }

  async restartBroker(): Promise<void> {
    if (this.opened?.restartBroker === undefined)
      throw new Error('reconnects is declared, so open() must give restartBroker().');
    await this.opened.restartBroker();
  }

  message(key: string, value: string, headers: Record<string, string> = {}): OutgoingMessage {
    return { topic: this.topic, key, headers, value };
  }

  subscribe(group: string, handle: SubscribeOptions['handle'], more: Partial<SubscribeOptions> = {}) {
    return this.bus.subscribe({
      group,
      topics: [this.topic],
      handle,
      retry: { attempts: 3, pauseMilliseconds: 5 },
      ...more,
    });
  }

  /** Subscribes and gives the list that fills with what the group handles. */
  async collect(group: string, more: Partial<SubscribeOptions> = {}): Promise<string[]> {
    const seen: string[] = [];
    await this.subscribe(group, async ({ key, value }) => void seen.push(`${key}:${value}`), more);
    return seen;
  }
}
