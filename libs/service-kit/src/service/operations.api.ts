import { scopeOf } from '@rapport/access';
import type { operationsV1 } from '@rapport/contracts';
import { streamName } from '@rapport/event-store';
import { DomainError, type CallContext } from '@rapport/kernel';
import { replayParked } from '@rapport/processing';
import type { Handlers } from '../handlers.js';
import type { ServiceRuntime } from './service-runtime.js';

/** What grants call it. */
const OPERATION = 'operation';

/** rapport.operations.v1.OperationsService, as far as it is about this context. */
export class OperationsApi implements Handlers<operationsV1.OperationsService> {
  constructor(private readonly runtime: ServiceRuntime) {}

  async listFollowers(): Promise<operationsV1.ListFollowersResponse> {
    const followers = await this.runtime.followers();
    return { data: followers.map(({ failure, owner, term, ...status }) => ({ ...status, failure, owner, term })) };
  }

  async listDependencies(): Promise<operationsV1.ListDependenciesResponse> {
    const dependencies = (await this.runtime.engines.dependencies?.()) ?? [];
    return { data: dependencies.map(({ detail, ...dependency }) => ({ ...dependency, detail })) };
  }

  async rebuildProjection({
    projection,
  }: operationsV1.RebuildProjectionRequest): Promise<operationsV1.RebuildProjectionResponse> {
    const found = this.runtime.allProjections.find(({ name }) => name === projection);
    if (!found) {
      const names = this.runtime.allProjections.map(({ name }) => name).join(', ');
      throw new DomainError(
        'not-found',
        'projection-not-found',
        `There is no projection "${projection}". There are ${names}.`,
      );
    }
    return { projection, ...(await found.rebuild()) };
  }

  async listParkedEvents(
    { follower }: operationsV1.ListParkedEventsRequest,
    call: CallContext,
  ): Promise<operationsV1.ListParkedEventsResponse> {
    const parked = await this.runtime.parked.list(scopeOf(call.principal, OPERATION), follower);
    return { data: parked.map(({ tenant: _, position: __, ...event }) => event) };
  }

  async replayParkedEvent(
    { id }: operationsV1.ReplayParkedEventRequest,
    call: CallContext,
  ): Promise<operationsV1.ReplayParkedEventResponse> {
    const follower = id.slice(0, id.indexOf('|'));
    const reaction = this.runtime.reactions.find(({ name }) => name === follower);
    if (!reaction)
      throw new DomainError('not-found', 'parked-event-not-found', `There is no parked event ${id}. List them first.`);
    const scope = scopeOf(call.principal, OPERATION);
    const verdict = await replayParked(reaction, this.runtime.reactorParts(reaction), scope, id);
    return { id, verdict: typeof verdict === 'string' ? verdict : Object.values(verdict).join() };
  }

  async listBrokenRecords(
    _: operationsV1.ListBrokenRecordsRequest,
    call: CallContext,
  ): Promise<operationsV1.ListBrokenRecordsResponse> {
    const broken = await this.runtime.neighbours.inbox.broken.list(scopeOf(call.principal, OPERATION));
    return { data: broken.map(({ tenant: _, context: source, ...record }) => ({ ...record, source })) };
  }

  async publishRecord(
    { aggregate, id }: operationsV1.PublishRecordRequest,
    call: CallContext,
  ): Promise<operationsV1.PublishRecordResponse> {
    const { definition, neighbours } = this.runtime;
    if (!definition.aggregates.includes(aggregate)) {
      const message = `${definition.context} publishes no "${aggregate}". It publishes ${definition.aggregates.join(', ')}.`;
      throw new DomainError('not-found', 'aggregate-not-found', message);
    }
    const events = await neighbours.publication.again(streamName(aggregate, call.principal.tenant, id));
    if (events === 0) throw new DomainError('not-found', 'record-not-found', `There is no ${aggregate} ${id}.`);
    return { aggregate, id, events };
  }
}
