import { Inject, Injectable } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { actingPerson, sharedScopeOf } from '@rapport/access';
import type { identityV1, typesV1 } from '@rapport/contracts';
import type { CallContext } from '@rapport/kernel';
import { parseFilter } from '@rapport/read-models';
import { Records, RUNTIME, type ServiceRuntime } from '@rapport/service-kit';
import { type ViewRecords, views } from '../records/views.js';

/** rapport.identity.v1.ViewsService: everybody has views of their own, whatever roles say. */
@Injectable()
export class ViewsApi {
  private readonly records: ViewRecords;

  constructor(@Inject(CommandBus) commands: CommandBus, @Inject(RUNTIME) runtime: ServiceRuntime) {
    const { events, definition, listOf } = runtime;
    const list = runtime.projection(views.projection);
    const parts = { commands, events, list, listOf, context: definition.context, scopeOf: sharedScopeOf };
    this.records = new Records(views.kind, parts);
  }

  async createView({ view }: identityV1.CreateViewRequest, call: CallContext): Promise<identityV1.View> {
    refuseMalformed(view?.filter);
    return this.records.create(view!, call, { ownerId: actingPerson(call.principal) });
  }

  async updateView(
    { id, view, updateMask }: identityV1.UpdateViewRequest,
    call: CallContext,
  ): Promise<identityV1.View> {
    refuseMalformed(view?.filter);
    return this.records.edit(id, view!, updateMask, call);
  }

  archiveView(request: typesV1.RecordRequest, call: CallContext): Promise<identityV1.View> {
    return this.records.archive(request, call);
  }

  restoreView(request: typesV1.RecordRequest, call: CallContext): Promise<identityV1.View> {
    return this.records.restore(request, call);
  }

  getView(request: typesV1.GetRecordRequest, call: CallContext): Promise<identityV1.View> {
    return this.records.get(request, call);
  }

  listViews(request: typesV1.ListRecordsRequest, call: CallContext): Promise<identityV1.ListViewsResponse> {
    return this.records.list(request, call);
  }
}

/** Which fields there are is said by the list that the view is of, when it is used. */
const refuseMalformed = (filter: string | undefined): void => {
  if (filter !== undefined && filter !== '') parseFilter(filter);
};
