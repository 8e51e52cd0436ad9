import { Inject, Injectable } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { NO_TENANT } from '@rapport/access';
import { type CallContext, type Circumstances, idFrom } from '@rapport/kernel';
import { RunCommand, RUNTIME, type ServiceRuntime } from '@rapport/service-kit';
import { namelessSecret, type Place } from '../../domain/nameless-secret/nameless-secret.js';
import { stateIn } from '../../state-of.js';

export const placeIdOf = (digest: string): string => idFrom('secret', digest);

/** Where to look for the keys of secrets that do not tell. */
@Injectable()
export class NamelessSecrets {
  constructor(
    @Inject(CommandBus) private readonly commands: CommandBus,
    @Inject(RUNTIME) private readonly runtime: ServiceRuntime,
  ) {}

  async find(digest: string): Promise<Place | undefined> {
    return (await stateIn(this.runtime.events, namelessSecret, NO_TENANT, placeIdOf(digest))) ?? undefined;
  }

  /** The first place counts. */
  async place(digest: string, place: Place, { principal, correlationId }: CallContext): Promise<void> {
    const call = { principal: { ...principal, tenant: NO_TENANT }, correlationId, answer: {} };
    const decide = (state: Place | null, at: Circumstances) => namelessSecret.decide.place(state, place, at);
    const steps = [{ name: 'PlaceSecret', input: place, decide }];
    await this.commands.execute(new RunCommand({ decider: namelessSecret, id: placeIdOf(digest), steps, call }));
  }
}
