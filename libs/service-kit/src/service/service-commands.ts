import { CommandBus } from '@nestjs/cqrs';
import {
  answerDeadline,
  type Attendant,
  type Carrier,
  command,
  COMMAND,
  commandPublishes,
  commandRunner,
  Intake,
  noteAnswers,
  personalInRequests,
  request,
  Requests,
  type RunStep,
} from '@rapport/commands';
import type { EventStore, KnownAggregate } from '@rapport/event-store';
import { type AnyTimer, DomainError } from '@rapport/kernel';
import type { PersonalFields } from '@rapport/privacy';
import { OwnedFollower, type Reaction, type Source, type Trouble } from '@rapport/processing';
import { RunCommand } from '../commands/run-command.js';
import type { Engines } from '../engines.js';
import type { Provided, ServiceDefinition } from './service-definition.js';

type Commanding = Pick<ServiceDefinition, 'asks' | 'serves'>;

const asksNobody = ({ asks = [] }: Commanding): boolean => asks.length === 0;

/** What a service stores of what it asks, and of what it is asked. */
export const commandCatalogue = (definition: Commanding): readonly KnownAggregate[] => [
  ...(asksNobody(definition) ? [] : [request]),
  ...(definition.serves ? [command] : []),
];

/** What of that says something about a person. */
export const personalInCommands = (definition: Commanding): PersonalFields => ({
  ...(asksNobody(definition) ? {} : { [request.aggregate]: personalInRequests }),
  ...(definition.serves ? { [COMMAND]: personalInRequests } : {}),
});

export const purposesInCommands = (definition: Commanding): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.keys(personalInCommands(definition)).map((aggregate) => [aggregate, ON_BEHALF]));

const ON_BEHALF = 'To have one context do what another was asked for';

/** How long an answer is waited for. */
export const commandTimers = (definition: Commanding): readonly AnyTimer[] =>
  asksNobody(definition) ? [] : [answerDeadline];

/** What came of commands is let be heard too. */
export const withAnswers = (source: Source, definition: Commanding): Source => {
  if (!definition.serves) return source;
  const publishes = { ...source.publishing.publishes, ...commandPublishes };
  return { ...source, aggregates: [...source.aggregates, COMMAND], publishing: { ...source.publishing, publishes } };
};

/** What a service listens to: also to what comes of what it asks. */
export const heardBy = ({
  asks = [],
  listens = {},
}: Pick<ServiceDefinition, 'asks' | 'listens'>): Readonly<Record<string, readonly string[]>> => {
  const heard: Record<string, readonly string[]> = { ...listens };
  for (const context of asks) heard[context] = [...(heard[context] ?? []), COMMAND];
  return heard;
};

export interface ServiceCommandsParts {
  readonly definition: ServiceDefinition;
  readonly engines: Engines;
  /** Events with their personal fields readable, and as they are on the disk. */
  readonly events: EventStore;
  readonly sealedEvents: EventStore;
  readonly provided: Provided;
  readonly trouble: Trouble;
  /** The service's own. */
  readonly epoch: () => Promise<number>;
}

/** What a service asks of others, and does for them. */
export class ServiceCommands {
  private readonly asking: Requests | undefined;
  readonly reactions: readonly Reaction[];
  private readonly carrier: Carrier | undefined;
  private readonly attendant: Attendant | undefined;
  private runner: OwnedFollower | undefined;

  constructor(private readonly parts: ServiceCommandsParts) {
    const { definition, engines, epoch, sealedEvents, trouble } = parts;
    const { books, commands, ownership, logger } = engines;
    const { asks = [], context, serves } = definition;
    const isAsking = !asksNobody(definition);
    this.asking = isAsking ? new Requests(sealedEvents, this.run) : undefined;
    this.reactions = isAsking ? [noteAnswers(asks, this.run)] : [];
    this.carrier = isAsking ? commands.carry({ context, sealedEvents, books, ownership, trouble }) : undefined;
    if (!serves) return;
    const refused = (failure: unknown, from: string): void =>
      logger.warn('What came as a request is none', { from }, failure);
    const intake = new Intake(context, engines.events);
    this.attendant = commands.attend({ intake, books, ownership, epoch, refused, trouble });
  }

  /** What the service asks of others. */
  get requests(): Requests {
    if (this.asking) return this.asking;
    const { context } = this.parts.definition;
    throw new DomainError('internal', 'asks-nobody', `${context} does not say in its module that it asks anybody.`);
  }

  /** To be called once everything is there that a command may need. */
  async start(): Promise<void> {
    this.carrier?.relay?.start();
    if (!this.attendant) return;
    const { definition, engines, events, provided, trouble } = this.parts;
    const { books, clock, ownership } = engines;
    const served = definition.serves!(provided);
    const runner = commandRunner({ served, events, books, run: this.run, clock, trouble });
    this.runner = new OwnedFollower(ownership, runner);
    this.runner.start();
    await this.attendant.start();
  }

  /** Finishes what is in hand. */
  async stop(): Promise<void> {
    await Promise.all([this.carrier?.relay?.stop(), this.attendant?.stop(), this.runner?.stop()]);
  }

  /** What runs for it, for whoever looks after the service. */
  get followers(): Attendant['listeners'] {
    const own = [this.carrier?.relay, this.runner].filter((part) => part !== undefined);
    return [...own, ...(this.attendant?.listeners ?? [])];
  }

  private readonly run: RunStep = (order) =>
    this.parts
      .provided(CommandBus)
      .execute(new RunCommand(order as unknown as ConstructorParameters<typeof RunCommand>[0]));
}
