import { Inject, Injectable } from '@nestjs/common';
import type { salesV1, typesV1 } from '@rapport/contracts';
import type { CallContext } from '@rapport/kernel';
import { type Handlers, runBatch } from '@rapport/service-kit';
import { REPRESENTATIVES, type RepresentativeRecords } from '../records.js';

/** rapport.sales.v1.RepresentativesService */
@Injectable()
export class RepresentativesApi implements Handlers<salesV1.RepresentativesService> {
  constructor(@Inject(REPRESENTATIVES) private readonly representatives: RepresentativeRecords) {}

  createRepresentative(
    { representative }: salesV1.CreateRepresentativeRequest,
    call: CallContext,
  ): Promise<salesV1.Representative> {
    return this.representatives.create(representative!, call);
  }

  getRepresentative(request: typesV1.GetRecordRequest, call: CallContext): Promise<salesV1.Representative> {
    return this.representatives.get(request, call);
  }

  listRepresentatives(
    request: typesV1.ListRecordsRequest,
    call: CallContext,
  ): Promise<salesV1.ListRepresentativesResponse> {
    return this.representatives.list(request, call);
  }

  updateRepresentative(
    { id, representative, updateMask }: salesV1.UpdateRepresentativeRequest,
    call: CallContext,
  ): Promise<salesV1.Representative> {
    return this.representatives.edit(id, representative!, updateMask, call);
  }

  archiveRepresentative(request: typesV1.RecordRequest, call: CallContext): Promise<salesV1.Representative> {
    return this.representatives.archive(request, call);
  }

  restoreRepresentative(request: typesV1.RecordRequest, call: CallContext): Promise<salesV1.Representative> {
    return this.representatives.restore(request, call);
  }

  undoRepresentativeChange(request: typesV1.UndoRequest, call: CallContext): Promise<salesV1.Representative> {
    return this.representatives.undo(request, call);
  }

  listRepresentativeHistory(
    request: typesV1.ListHistoryRequest,
    call: CallContext,
  ): Promise<typesV1.ListHistoryResponse> {
    return this.representatives.history(request, call);
  }

  batchRepresentatives(
    { rows }: salesV1.BatchRepresentativesRequest,
    call: CallContext,
  ): Promise<salesV1.BatchRepresentativesResponse> {
    return runBatch(rows, this.representatives.batchMethods('representative'), call);
  }
}
