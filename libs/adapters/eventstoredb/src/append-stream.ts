import { randomUUID } from 'node:crypto';
import type { BatchAppendReq, BatchAppendResp } from '@eventstore/db-client/generated/streams_pb.js';
import type { ClientDuplexStream } from '@grpc/grpc-js';
import { appendRequests, type EngineAppend } from './append-request.js';
import { Unanswered } from './waiting.js';

interface Waiting {
  readonly resolve: (answer: BatchAppendResp) => void;
  readonly reject: (failure: unknown) => void;
}

/**
 * Appends on one call of the server, in the order given, each with its own answer. Used instead of the client's own
 * `appendToStream`, which keeps the appends of all clients of a process in one list: a connection that breaks fails the
 * appends of the others, and their answers, when they come, end the process. It also waits without limit.
 */
export class AppendStream {
  readonly #waiting = new Map<string, Waiting>();
  #over = false;

  /** @param over told once that this one is of no more use */
  constructor(
    private readonly call: ClientDuplexStream<BatchAppendReq, BatchAppendResp>,
    private readonly over: () => unknown,
  ) {
    call.on('data', (answer: BatchAppendResp) => this.#take(answer.getCorrelationId()?.getString())?.resolve(answer));
    call.on('error', (failure: unknown) => this.#end(failure));
    call.on('end', () => this.#end(new Error('EventStoreDB ended the stream of appends.')));
  }

  /** @throws Unanswered, or what ended the call; the append may have been written */
  append(append: EngineAppend, milliseconds: number): Promise<BatchAppendResp> {
    return new Promise((resolve, reject) => {
      const id = randomUUID();
      const timer = setTimeout(() => this.#take(id)?.reject(new Unanswered(milliseconds)), milliseconds);
      const settle =
        <T>(done: (value: T) => void) =>
        (value: T): void => {
          clearTimeout(timer);
          done(value);
        };
      this.#waiting.set(id, { resolve: settle(resolve), reject: settle(reject) });
      if (this.#over) this.#end(new Error('The stream of appends has ended.'));
      else for (const request of appendRequests(id, append)) this.call.write(request);
    });
  }

  #take(id = ''): Waiting | undefined {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    return waiting;
  }

  #end(failure: unknown): void {
    if (!this.#over) this.over();
    this.#over = true;
    for (const { reject } of this.#waiting.values()) reject(failure);
    this.#waiting.clear();
  }
}
