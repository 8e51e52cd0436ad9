import { type EventStore, WrongExpectedRevision } from '@rapport/event-store';
import { DomainError } from '@rapport/kernel';
import { checkCarried, commandStream, received, type CarriedRequest } from './carried-request.js';

/**
 * Where a context keeps what others ask of it: one stream for each command, which begins with what was asked under the id of
 * the asker's event. So a request that comes again, and a whole topic that is read again from its beginning, writes nothing.
 */
export class Intake {
  /** @param events as they are stored: personal fields stay sealed */
  constructor(
    readonly context: string,
    private readonly events: EventStore,
  ) {}

  /**
   * Resolves once it is stored, now or before; or passed over, where its workspace was deleted.
   * @throws DomainError invalid `bad-request`, conflict `command-id-taken`; whatever an engine fails with
   */
  async take(carried: CarriedRequest): Promise<void> {
    checkCarried(carried, this.context);
    try {
      await this.events.append(commandStream(carried), [received(carried)], 'no-stream');
    } catch (failure) {
      if (isOfNoWorkspace(failure)) return;
      if (!(failure instanceof WrongExpectedRevision)) throw failure;
      const message = `Command ${carried.commandId} is another one already: two requests may not have one id.`;
      throw new DomainError('conflict', 'command-id-taken', message, { cause: failure });
    }
  }
}

/** It was deleted meanwhile: nobody wants that any more. */
const isOfNoWorkspace = (failure: unknown): boolean =>
  failure instanceof DomainError && failure.code === 'workspace-deleted';
