import { Inject, Injectable } from '@nestjs/common';
import type { salesV1, typesV1 } from '@rapport/contracts';
import type { CallContext } from '@rapport/kernel';
import { type ErasureTold, PERSON_ERASURE, type PersonErasure, type RecordApi } from '@rapport/service-kit';
import type { representatives } from '../records/representatives.js';

/** What only representatives can do. */
@Injectable()
export class RepresentativesApi implements RecordApi<typeof representatives> {
  constructor(@Inject(PERSON_ERASURE) private readonly erasure: PersonErasure) {}

  async eraseRepresentative({ id }: typesV1.RecordRequest, call: CallContext): Promise<salesV1.RepresentativeErasure> {
    return receiptOf(await this.erasure.erase(id, call));
  }

  async getRepresentativeErasure(
    { id }: typesV1.RecordRequest,
    call: CallContext,
  ): Promise<salesV1.RepresentativeErasure> {
    return receiptOf(await this.erasure.look(id, call));
  }
}

const receiptOf = ({ id: representativeId, actor, ...told }: ErasureTold): salesV1.RepresentativeErasure => ({
  ...told,
  representativeId,
  actor: { kind: actor.kind, id: actor.id, onBehalfOf: actor.onBehalfOf },
});
