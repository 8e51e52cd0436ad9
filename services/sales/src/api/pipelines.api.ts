import { Inject, Injectable } from '@nestjs/common';
import type { salesV1, typesV1 } from '@rapport/contracts';
import type { CallContext } from '@rapport/kernel';
import { type Handlers, runBatch } from '@rapport/service-kit';
import { PIPELINES, type PipelineRecords } from '../records.js';

/** rapport.sales.v1.PipelinesService */
@Injectable()
export class PipelinesApi implements Handlers<salesV1.PipelinesService> {
  constructor(@Inject(PIPELINES) private readonly pipelines: PipelineRecords) {}

  createPipeline({ pipeline }: salesV1.CreatePipelineRequest, call: CallContext): Promise<salesV1.Pipeline> {
    return this.pipelines.create(pipeline!, call);
  }

  getPipeline(request: typesV1.GetRecordRequest, call: CallContext): Promise<salesV1.Pipeline> {
    return this.pipelines.get(request, call);
  }

  listPipelines(request: typesV1.ListRecordsRequest, call: CallContext): Promise<salesV1.ListPipelinesResponse> {
    return this.pipelines.list(request, call);
  }

  updatePipeline(
    { id, pipeline, updateMask }: salesV1.UpdatePipelineRequest,
    call: CallContext,
  ): Promise<salesV1.Pipeline> {
    return this.pipelines.edit(id, pipeline!, updateMask, call);
  }

  archivePipeline(request: typesV1.RecordRequest, call: CallContext): Promise<salesV1.Pipeline> {
    return this.pipelines.archive(request, call);
  }

  restorePipeline(request: typesV1.RecordRequest, call: CallContext): Promise<salesV1.Pipeline> {
    return this.pipelines.restore(request, call);
  }

  undoPipelineChange(request: typesV1.UndoRequest, call: CallContext): Promise<salesV1.Pipeline> {
    return this.pipelines.undo(request, call);
  }

  listPipelineHistory(request: typesV1.ListHistoryRequest, call: CallContext): Promise<typesV1.ListHistoryResponse> {
    return this.pipelines.history(request, call);
  }

  batchPipelines({ rows }: salesV1.BatchPipelinesRequest, call: CallContext): Promise<salesV1.BatchPipelinesResponse> {
    return runBatch(rows, this.pipelines.batchMethods('pipeline'), call);
  }
}
