import type { ServerDuplexStream } from '@grpc/grpc-js';
import type streams from '@eventstore/db-client/generated/streams_pb.js';
import { failureOf } from '../calls/calls.js';
import { Outlet } from '../calls/outlet.js';
import type { FaultSwitchboard } from '../faults/fault-switchboard.js';
import type { ProposedEvent } from '../log/events.js';
import type { Outcome } from '../log/outcome.js';
import { type Asked, batchAnswer } from '../wire/batch-answers.js';
import { unavailable } from '../wire/failures.js';
import { streamName } from '../wire/recorded-event.js';
import { expectedOf, proposedOf } from './append-request.js';
import type { Append } from './appender.js';

/** Longest time, in ms, that an append may be under way here. */
const WRITE_TIMEOUT = 2000;

const DENIED: Outcome = { kind: 'denied' };

interface Gathered extends Asked {
  readonly events: (ProposedEvent | undefined)[];
  readonly timer: NodeJS.Timeout;
}

type Call = ServerDuplexStream<streams.BatchAppendReq, streams.BatchAppendResp>;

/** Many appends on one call that stays open. They are written in the order in which they became complete. */
export class BatchAppend {
  readonly #outlet: Outlet<streams.BatchAppendResp>;
  readonly #gathering = new Map<string, Gathered>();
  #unanswered = 0;
  #halfClosed = false;

  constructor(
    private readonly call: Call,
    private readonly append: Append,
    private readonly faults: FaultSwitchboard,
  ) {
    this.#outlet = new Outlet(call);
    faults.batches.set(this.#outlet, call.metadata);
    this.#outlet.onClose(() => {
      faults.batches.delete(this.#outlet);
      for (const { timer } of this.#gathering.values()) clearTimeout(timer);
    });
    call.on('data', (request: streams.BatchAppendReq) => this.#take(request));
    call.on('end', () => {
      this.#halfClosed = true;
      this.#endWhenDone();
    });
  }

  #take(request: streams.BatchAppendReq): void {
    if (!this.#outlet.open) return;
    const correlationId = request.getCorrelationId()?.getString() ?? '';
    const options = request.getOptions();
    if (options) this.#begin(correlationId, options);
    // Without what began it, it has been answered: it was out of time.
    const gathered = this.#gathering.get(correlationId);
    if (!gathered) return;
    for (const message of request.getProposedMessagesList()) gathered.events.push(proposedOf(message));
    if (!request.getIsFinal()) return;
    this.#forget(gathered);
    this.#write(gathered).catch((error: unknown) => this.#outlet.finish(failureOf(error)));
  }

  #begin(correlationId: string, options: streams.BatchAppendReq.Options): void {
    const asked = {
      correlationId,
      stream: streamName(options.getStreamIdentifier()),
      expected: expectedOf(options, options.getStreamPosition()),
    };
    this.#unanswered++;
    const left = timeLeft(options);
    if (left <= 0) return this.#answer(asked, { kind: 'timeout' });
    const timer = setTimeout(() => this.#timeOut(correlationId), left);
    this.#gathering.set(correlationId, { ...asked, events: [], timer });
  }

  async #write(gathered: Gathered): Promise<void> {
    this.faults.admit(this.call.metadata, true);
    const outcome = this.faults.allows('writing') ? this.append(gathered) : DENIED;
    if (outcome.kind === 'done') await outcome.durable;
    await this.faults.delay();
    const loss = outcome.kind === 'done' ? this.faults.loss() : undefined;
    if (loss === 'break') throw unavailable();
    if (loss === 'silence') this.#done();
    else this.#answer(gathered, loss ? { kind: loss } : outcome);
  }

  #timeOut(correlationId: string): void {
    const gathered = this.#gathering.get(correlationId)!;
    this.#forget(gathered);
    this.#answer(gathered, { kind: 'timeout' });
  }

  #forget({ correlationId, timer }: Gathered): void {
    clearTimeout(timer);
    this.#gathering.delete(correlationId);
  }

  #answer(asked: Asked, outcome: Outcome): void {
    void this.#outlet.write(batchAnswer(asked, outcome));
    this.#done();
  }

  #done(): void {
    this.#unanswered--;
    this.#endWhenDone();
  }

  #endWhenDone(): void {
    if (this.#halfClosed && this.#unanswered === 0) this.#outlet.finish();
  }
}

/** Milliseconds until the client's own clock says that it is too late, and no more than the server allows. */
const timeLeft = (options: streams.BatchAppendReq.Options): number => {
  const deadline = options.getDeadline();
  if (!deadline) return WRITE_TIMEOUT;
  return Math.min(deadline.getSeconds() * 1000 + deadline.getNanos() / 1e6 - Date.now(), WRITE_TIMEOUT);
};
