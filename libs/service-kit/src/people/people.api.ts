import { scopeOf } from '@rapport/access';
import type { privacyV1 } from '@rapport/contracts';
import { type Action, type CallContext, DomainError } from '@rapport/kernel';
import type { Handlers } from '../handlers.js';
import { PERSON_ERASURE, type PersonErasure } from '../erasure/person-erasure.js';
import { momentFor } from '../records/as-of.js';
import type { ServedRecord } from '../service/served-record.js';
import type { ServiceRuntime } from '../service/service-runtime.js';
import { type Held, HeldAbout } from './held.js';

const NEEDED: readonly Action[] = ['read', 'erase'];

/** rapport.privacy.v1.ContextPeopleService */
export class PeopleApi implements Handlers<privacyV1.ContextPeopleService> {
  private readonly held: HeldAbout;

  constructor(private readonly runtime: ServiceRuntime) {
    const { definition, provided } = runtime;
    const isAboutPeople = definition.records.some(isErasable);
    this.held = new HeldAbout(runtime, isAboutPeople ? provided<PersonErasure>(PERSON_ERASURE).files : undefined);
  }

  async listHeld({ id, asOf }: privacyV1.ListHeldRequest, call: CallContext): Promise<privacyV1.ListHeldResponse> {
    this.refuseRestricted(call);
    const until = asOf && momentFor(asOf, call, this.runtime.tenants.calendar);
    const held = await this.held.find(call.principal.tenant, id, until, call.signal);
    return { data: held.map(messageOf) };
  }

  /** All that is held about somebody may be anywhere: it is for who sees, and may have erased, every person there is. */
  private refuseRestricted({ principal }: CallContext): void {
    for (const { record } of this.runtime.definition.records.filter(isErasable)) {
      const scopes = NEEDED.map((action) => scopeOf(principal, record.decider.aggregate, action));
      if (scopes.every(({ isWhole }) => isWhole)) continue;
      const message = `This tells all that is held about a person. Your roles do not let you read and erase every ${record.decider.aggregate}; ask a privacy officer.`;
      throw new DomainError('forbidden', 'privacy-restricted', message);
    }
  }
}

/** Whether records of a kind are about people. */
const isErasable = ({ record: { methods, noun } }: ServedRecord): boolean => methods.includes(`erase${noun}`);

const messageOf = ({ facts, fields, ...place }: Held): privacyV1.HeldPlace => ({
  ...place,
  fields,
  facts: facts.map(({ id, type, data, metadata, recordedAt }) => {
    const { actor, occurredAt } = metadata;
    const { kind, id: actorId, onBehalfOf } = actor;
    return { eventId: id, type, occurredAt, recordedAt, actor: { kind, id: actorId, onBehalfOf }, data };
  }),
});
