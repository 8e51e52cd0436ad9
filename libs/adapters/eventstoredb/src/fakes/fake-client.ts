import { EventEmitter } from 'node:events';
import type { EventStoreDBClient } from '@eventstore/db-client';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';

/** What becomes of an append: the call breaks; nothing at all; it is answered with an error of that type. */
export type Trouble =
  Error | 'silence' | { readonly type: string; readonly value?: Uint8Array; readonly message?: string };

/** A client that does as told: each append meets the next trouble, then all is well. */
export class FakeClient {
  readonly appends: streams.BatchAppendReq.AsObject[] = [];
  disposed = false;
  calls = 0;
  /** Remembered whatever it is, as the client does. */
  readonly capabilities: Promise<{ serverVersion: string }>;

  constructor(
    private readonly troubles: Trouble[],
    features: Promise<{ serverVersion: string }> = Promise.resolve({ serverVersion: '24.10.0' }),
  ) {
    this.capabilities = features;
    features.catch(() => undefined);
  }

  GRPCStreamCreator() {
    return async () => {
      this.calls += 1;
      const call = new EventEmitter();
      return Object.assign(call, { write: (request: streams.BatchAppendReq) => this.#answer(call, request) });
    };
  }

  async dispose(): Promise<void> {
    this.disposed = true;
  }

  get asClient(): EventStoreDBClient {
    return this as unknown as EventStoreDBClient;
  }

  #answer(call: EventEmitter, request: streams.BatchAppendReq): void {
    this.appends.push(request.toObject());
    if (!request.getIsFinal()) return;
    const trouble = this.troubles.shift();
    const answer = new streams.BatchAppendResp().setCorrelationId(request.getCorrelationId());
    if (trouble === 'silence') return;
    if (trouble instanceof Error) return void call.emit('error', trouble);
    call.emit(
      'data',
      trouble ? Object.assign(answer, { getError: () => errorOf(trouble) }) : answer.setSuccess(written()),
    );
  }
}

const errorOf = ({ type, value = new Uint8Array(), message = '' }: Exclude<Trouble, Error | string>) => ({
  getMessage: () => message,
  getDetails: () => ({ getTypeName: () => type, getValue_asU8: () => value }),
});

const written = (): streams.BatchAppendResp.Success =>
  new streams.BatchAppendResp.Success()
    .setCurrentRevision('0')
    .setPosition(new shared.AllStreamPosition().setCommitPosition('42').setPreparePosition('42'));
