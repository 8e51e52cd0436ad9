import type { Metadata, ServerUnaryCall, StatusObject } from '@grpc/grpc-js';
import { RpcException } from '@nestjs/microservices';
import { requirePermission } from '@rapport/access';
import type { CallContext } from '@rapport/kernel';
import {
  ATTRIBUTES,
  currentTraceparent,
  type Logger,
  meter,
  METRICS,
  SPANS,
  tracer,
  withRemoteParent,
} from '@rapport/observability';
import { answerMetadata, METADATA, receivedCall, signedMarks, textIn } from './call-metadata.js';
import { methodPermissions } from '../contract/contract-messages.js';
import { isExpected, statusOf } from './failure-status.js';
import { bytesOf } from './method-definitions.js';
import type { PrincipalVerifier } from './signed-principal.js';

type Call = ServerUnaryCall<object, object>;
/** Gives the answer as it goes over the wire. */
export type Handle = (call: CallContext) => Promise<Buffer>;

const duration = meter.histogram(METRICS.callDuration);

/** The door of a service: who asks, and whether they may, is established before any handler; a failure leaves in one form. */
export class CallIntake {
  readonly #stopping = new AbortController();

  constructor(
    private readonly verifier: PrincipalVerifier,
    private readonly logger: Logger,
  ) {}

  /** Calls that only wait for news answer with what they have, and later ones do not wait at all. */
  stopWaiting(): void {
    this.#stopping.abort();
  }

  /** @throws RpcException with the status that the gateway understands */
  answer(name: string, handle: Handle, request: object, call: Call): Promise<Buffer> {
    if (!tracer.enabled) return this.#answer(name, handle, request, call);
    const attributes = { [ATTRIBUTES.rpcMethod]: name };
    const started = performance.now();
    return withRemoteParent(textIn(call.metadata, METADATA.traceparent), () =>
      tracer.span(SPANS.serveCall, attributes, async () => {
        let status = 0;
        try {
          return await this.#answer(name, handle, request, call);
        } catch (failure) {
          status = ((failure as RpcException).getError() as StatusObject).code;
          throw failure;
        } finally {
          duration.record((performance.now() - started) / 1000, { ...attributes, [ATTRIBUTES.rpcStatus]: status });
        }
      }),
    );
  }

  async #answer(name: string, handle: Handle, request: object, call: Call): Promise<Buffer> {
    const { metadata } = call;
    const gone = new AbortController();
    const leave = (): void => gone.abort();
    call.once('cancelled', leave);
    try {
      const told = receivedCall(metadata, this.#signalFor(request, gone.signal));
      const signed = { method: name, request: bytesOf(request), marks: signedMarks(told) };
      const principal = this.verifier.principalIn(textIn(metadata, METADATA.principal), signed);
      requirePermission(principal, methodPermissions.get(name));
      const context = { ...told, principal };
      const response = await handle(withinTrace(context));
      const marks = answerMetadata(context.answer);
      if (marks) call.sendMetadata(marks);
      return response;
    } catch (failure) {
      if (!isExpected(failure)) this.#log(name, metadata, failure);
      throw new RpcException(statusOf(failure));
    } finally {
      call.off('cancelled', leave);
    }
  }

  /** Aborted when the caller has gone; for a call that waits for news also when this process stops. */
  #signalFor(request: object, gone: AbortSignal): AbortSignal {
    const waits = 'waitMilliseconds' in request && Number(request.waitMilliseconds) > 0;
    return waits ? AbortSignal.any([gone, this.#stopping.signal]) : gone;
  }

  #log(method: string, metadata: Metadata, failure: unknown): void {
    const correlationId = textIn(metadata, METADATA.correlationId) ?? '';
    this.logger.error('A call failed', { method, correlationId }, failure);
  }
}

/** What the handler does belongs below the span of this call. */
const withinTrace = (context: CallContext): CallContext => {
  const traceparent = currentTraceparent();
  return traceparent === undefined ? context : { ...context, traceparent };
};
