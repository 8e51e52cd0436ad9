import type { Page } from '@rapport/event-store';
import { DomainError, START } from '@rapport/kernel';
import { type Checkpoint, checkpointBeside, Follower, OwnedFollower, Progress } from '@rapport/processing';
import { carried } from './carried-request.js';
import {
  attendantName,
  type Asker,
  type Attendant,
  type Attending,
  type Carrier,
  type CommandExchange,
} from './command-exchange.js';
import type { Asked } from './request.js';
import { REQUESTS } from './requests.js';

/** Contexts in one process: whoever is asked follows the asker's own facts. Nothing is signed, because nothing travels. */
export class FactsCommandExchange implements CommandExchange {
  private readonly askers = new Map<string, Asker>();
  private readonly attendants = new Set<FactsAttendant>();

  carry(asker: Asker): Carrier {
    this.askers.set(asker.context, asker);
    for (const attendant of this.attendants) attendant.hear(asker);
    return { relay: undefined };
  }

  attend(attending: Attending): Attendant {
    const attendant = new FactsAttendant(attending, () => this.attendants.delete(attendant));
    this.attendants.add(attendant);
    for (const asker of this.askers.values()) attendant.hear(asker);
    return attendant;
  }
}

class FactsAttendant implements Attendant {
  readonly listeners: OwnedFollower[] = [];
  private begun = false;

  constructor(
    private readonly attending: Attending,
    private readonly stopped: () => void,
  ) {}

  /** Somebody is there who may ask: at the start, or later. */
  hear(asker: Asker): void {
    const { books, ownership, intake, trouble } = this.attending;
    const name = attendantName(asker.context);
    const follower = new Follower(
      asker.sealedEvents,
      {
        name,
        prefixes: [REQUESTS],
        checkpoint: withinFacts(checkpointBeside(books, name), asker),
        handle: (page) => this.take(asker, page),
        trouble,
      },
      new Progress(name),
    );
    if (asker.context === intake.context) return;
    const listener = new OwnedFollower(ownership, follower);
    this.listeners.push(listener);
    if (this.begun) listener.start();
  }

  async start(): Promise<void> {
    this.begun = true;
    for (const listener of this.listeners) listener.start();
  }

  async stop(): Promise<void> {
    this.stopped();
    await Promise.all(this.listeners.map((listener) => listener.stop()));
  }

  /** What is taken again was taken before, so the checkpoint may lag. */
  private async take({ context }: Asker, { events }: Page): Promise<'nothing'> {
    const { intake, refused } = this.attending;
    for (const event of events) {
      if (event.type !== 'CommandRequested' || (event.data as Asked).to !== intake.context) continue;
      await intake.take(carried(context, event)).catch((failure: unknown) => {
        if (!isRefused(failure)) throw failure;
        refused(failure, context);
      });
    }
    return 'nothing';
  }
}

/** An asker whose facts were set back to an earlier state is heard from its first event on. */
const withinFacts = (checkpoint: Checkpoint, { sealedEvents }: Asker): Checkpoint => ({
  load: async () => {
    const position = await checkpoint.load();
    return (await sealedEvents.lacks(position)) ? START : position;
  },
  save: (position) => checkpoint.save(position),
});

/** It is no request, and will be none when it comes again. */
export const isRefused = (failure: unknown): failure is DomainError =>
  failure instanceof DomainError && REFUSED.has(failure.code);

const REFUSED: ReadonlySet<string> = new Set(['bad-request', 'command-id-taken', 'bad-signature']);
