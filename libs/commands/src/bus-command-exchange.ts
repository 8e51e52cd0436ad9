import { DomainError } from '@rapport/kernel';
import type { Message, MessageBus, Subscription } from '@rapport/message-bus';
import {
  checkpointBeside,
  type Follower,
  groupUnder,
  OwnedFollower,
  Progress,
  publishingFollower,
  untilDone,
  type Trouble,
} from '@rapport/processing';
import { carried } from './carried-request.js';
import {
  attendantName,
  type Asker,
  type Attendant,
  type Attending,
  type Carrier,
  type CommandExchange,
} from './command-exchange.js';
import { commandsTopicOf, messageOf, requestIn, type Signing } from './command-message.js';
import { isRefused } from './facts-command-exchange.js';
import { REQUESTS } from './requests.js';

/**
 * Contexts in processes of their own: each is asked on a topic of its own, `rapport.contacts.commands.v1`.
 * @param attends false where other processes of the context do
 */
export const busCommandExchange = (bus: MessageBus, signing: Signing, attends = true): CommandExchange => ({
  carry: (asker): Carrier => ({ relay: new OwnedFollower(asker.ownership, requestRelay(asker, bus, signing)) }),
  attend: (attending) => (attends ? new BusAttendant(bus, signing, attending) : ATTENDED_ELSEWHERE),
});

/** What others take in shows in the store. */
const ATTENDED_ELSEWHERE: Attendant = { listeners: [], start: async () => undefined, stop: async () => undefined };

/** Publishes what is asked. */
const requestRelay = (
  { context, sealedEvents, books, trouble }: Asker,
  bus: MessageBus,
  signing: Signing,
): Follower => {
  const name = `requests:${context}`;
  return publishingFollower({
    name,
    prefixes: [REQUESTS],
    events: sealedEvents,
    checkpoint: checkpointBeside(books, name),
    bus,
    messagesOf: async ({ events }) =>
      events
        .filter(({ type }) => type === 'CommandRequested')
        .map((event) => messageOf(carried(context, event), signing)),
    trouble,
  });
};

/** Every process takes its share. What fails is tried for as long as it takes; what is no request is told and passed over. */
class BusAttendant implements Attendant {
  readonly listeners: readonly { readonly progress: Progress; readonly lease: undefined }[];
  private readonly progress: Progress;
  private subscription: Subscription | undefined;

  constructor(
    private readonly bus: MessageBus,
    private readonly signing: Signing,
    private readonly attending: Attending,
  ) {
    this.progress = new Progress(attendantName('all'));
    this.listeners = [{ progress: this.progress, lease: undefined }];
  }

  async start(): Promise<void> {
    const { epoch, intake } = this.attending;
    const { context } = intake;
    this.subscription = await this.bus.subscribe({
      group: groupUnder(`${context}.commands`, await epoch()),
      topics: [commandsTopicOf(context)],
      handle: (message, signal) => this.handle(message, signal),
      retry: { attempts: Infinity },
    });
    this.progress.caughtUp = true;
  }

  async stop(): Promise<void> {
    await this.subscription?.close();
    this.progress.stopped();
  }

  private async handle(message: Message, signal: AbortSignal): Promise<void> {
    const trouble: Trouble | undefined = this.attending.trouble;
    await untilDone(
      () => this.take(message),
      signal,
      (failure, attempt) => {
        this.progress.failed(failure);
        trouble?.(this.progress.follower, failure, attempt);
      },
    );
    this.progress.handled += 1;
    this.progress.moveTo(this.progress.position, true);
  }

  private async take(message: Message): Promise<void> {
    const { intake, refused } = this.attending;
    try {
      await intake.take(requestIn(message, this.signing));
    } catch (failure) {
      if (!isRefused(failure)) throw failure;
      refused(new DomainError(failure.kind, failure.code, `${message.id}: ${failure.message}`), message.topic);
    }
  }
}
