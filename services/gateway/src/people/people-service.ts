import type { importsV1, privacyV1 } from '@rapport/contracts';
import { type CallContext, type Clock, DomainError } from '@rapport/kernel';
import type { Context } from '../gateway-options.js';
import { personFiles } from './person-files.js';
import { zip } from './zip.js';

const PEOPLE = 'rapport.privacy.v1.ContextPeopleService';

/** rapport.privacy.v1.PeopleService: asks every context. Nothing of what they answer is kept anywhere. */
export class PeopleService {
  constructor(
    private readonly contexts: readonly Context[],
    private readonly clock: Clock,
  ) {}

  async getPerson({ id, asOf }: privacyV1.GetPersonRequest, call: CallContext): Promise<privacyV1.GetPersonResponse> {
    return { data: await this.#held(id, asOf, call) };
  }

  async exportPerson({ id, asOf }: privacyV1.ExportPersonRequest, call: CallContext): Promise<importsV1.FilePart> {
    const held = await this.#held(id, asOf, call);
    const data = zip(personFiles(id, held), this.clock.now());
    return { contentType: 'application/zip', fileName: `person-${id}.zip`, data, nextPage: '' };
  }

  /** All of them or nothing: who is given a part would take it for the whole. */
  async #held(id: string, asOf: string | undefined, call: CallContext): Promise<privacyV1.HeldPlace[]> {
    const asked = this.contexts.map(async ({ backend }) => {
      const request: privacyV1.ListHeldRequest = { id, asOf };
      const { principal, correlationId, signal } = call;
      const own: CallContext = { principal, correlationId, answer: {}, ...(signal ? { signal } : {}) };
      return ((await backend.invoke(PEOPLE, 'listHeld', request, own)) as privacyV1.ListHeldResponse).data;
    });
    const held = (await Promise.all(asked)).flat();
    if (held.length > 0) return held;
    throw new DomainError('not-found', 'nobody-known', `Nothing is held about ${id}${asOf ? ` as of ${asOf}` : ''}.`);
  }
}
