import { Client, credentials, Metadata, type ServiceError } from '@grpc/grpc-js';
import { type CallContext, DomainError, newId } from '@rapport/kernel';
import { ATTRIBUTES, currentTraceparent, SPANS, tracer, withRemoteParent } from '@rapport/observability';
import type { Backend } from '../handlers.js';
import { callMetadata, signedMarks, takeMarks } from './call-metadata.js';
import { channelOptions } from './channel-options.js';
import { servicesOf } from './contract-services.js';
import { failureIn } from './failure-status.js';
import { asItIs, methodDefinition } from './method-definitions.js';
import type { PrincipalSigner } from './signed-principal.js';
import { targetOf } from './target.js';

export interface GrpcBackendOptions {
  readonly context: string;
  /** See {@link targetOf}. */
  readonly address: string;
  readonly signer: PrincipalSigner;
  /** Default 30 s; what a request itself asks to wait comes on top. */
  readonly deadlineMilliseconds?: number;
  /** Connections to each replica. Default 1. */
  readonly connections?: number;
}

type Method = ReturnType<typeof methodDefinition>;

const DEADLINE_MILLISECONDS = 30_000;
/** Work as long as history is. */
const PATIENT: Readonly<Record<string, number>> = { rebuildProjection: 60 * 60_000 };

/** A context in another process, or in several of them. */
export class GrpcBackend implements Backend {
  readonly services: ReadonlySet<string>;
  readonly #methods = new Map<string, Method>();
  readonly #clients: readonly Client[];
  #turn = 0;

  constructor(private readonly options: GrpcBackendOptions) {
    const { context, address, connections = 1 } = options;
    const target = targetOf(address, `The address of ${context}`);
    const services = servicesOf(context);
    this.services = new Set(services.map(({ fullName }) => fullName));
    for (const service of services) {
      for (const [key, method] of Object.entries(service.methods))
        this.#methods.set(`${service.fullName}/${key}`, methodDefinition(service, method));
    }
    const open = (): Client => new Client(target, credentials.createInsecure(), channelOptions);
    this.#clients = Array.from({ length: connections }, open);
  }

  invoke(service: string, method: string, request: object, call: CallContext): Promise<object> {
    const called = this.#methods.get(`${service}/${method}`)!;
    const patience = this.#patience(method, request);
    if (!tracer.enabled) return this.#invoke(called, request, call, patience);
    const attributes = { [ATTRIBUTES.rpcMethod]: called.path.slice(1) };
    return withRemoteParent(call.traceparent, () =>
      tracer.span(SPANS.callContext, attributes, () => this.#invoke(called, request, call, patience)),
    );
  }

  close(): void {
    for (const client of this.#clients) client.close();
  }

  async #invoke(method: Method, request: object, call: CallContext, patience: number): Promise<object> {
    const traceparent = currentTraceparent() ?? call.traceparent;
    // Always a new one: what the call makes takes its ids from it.
    const told = { ...call, requestId: newId(), ...(traceparent === undefined ? {} : { traceparent }) };
    const bytes = method.requestSerialize(request);
    const signed = { method: method.path.slice(1), request: bytes, marks: signedMarks(told) };
    const principal = this.options.signer.tokenFor(call.principal, signed);
    return this.#send(method, bytes, callMetadata({ ...told, principal }), { deadline: Date.now() + patience, call });
  }

  #send(
    { path, responseDeserialize }: Method,
    request: Buffer,
    metadata: Metadata,
    { deadline, call: { signal, answer } }: { readonly deadline: number; readonly call: CallContext },
  ): Promise<object> {
    const client = this.#clients[(this.#turn = (this.#turn + 1) % this.#clients.length)]!;
    return new Promise((resolve, reject) => {
      const done = (error: ServiceError | null, response: object | undefined): void => {
        signal?.removeEventListener('abort', cancel);
        if (error) reject(this.#failure(error));
        else resolve(response!);
      };
      const sent = client.makeUnaryRequest(path, asItIs, responseDeserialize, request, metadata, { deadline }, done);
      const cancel = (): void => sent.cancel();
      sent.on('metadata', (marks: Metadata) => takeMarks(marks, answer));
      signal?.addEventListener('abort', cancel);
      if (signal?.aborted) cancel();
    });
  }

  #patience(method: string, request: object): number {
    const wait = 'waitMilliseconds' in request ? Number(request.waitMilliseconds) : 0;
    return (PATIENT[method] ?? this.options.deadlineMilliseconds ?? DEADLINE_MILLISECONDS) + wait;
  }

  /** Who is signed in was found out here: a service that does not believe it is put together wrongly. */
  #failure(error: ServiceError): DomainError {
    const failure = failureIn(this.options.context, error);
    if (failure.kind !== 'unauthenticated') return failure;
    const message = `${this.options.context} refuses this gateway's signature (${failure.message}) Give both keys of one pair.`;
    return new DomainError('internal', 'gateway-not-trusted', message);
  }
}
