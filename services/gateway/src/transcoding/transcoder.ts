import type { CallContext } from '@rapport/kernel';
import type { FastifyRequest } from 'fastify';
import type { Destination } from '../contexts/destinations.js';
import type { Binding, ContractMethod } from '../contract/contract.js';
import { type FromPartial, fromPartialOf } from '../contract/message-class.js';
import type { Validation } from '@rapport/service-kit';
import { type PlaceBody, placeBody } from './body.js';
import { Parameters } from './parameters.js';

type Texts = Readonly<Record<string, string | readonly string[]>>;

/** One binding of one method, made ready at the start: nothing about the contract is looked up per request. */
export class Transcoder {
  readonly #parameters: Parameters;
  readonly #placeBody: PlaceBody;
  readonly #fromPartial: FromPartial;

  constructor(
    readonly method: ContractMethod,
    readonly binding: Binding,
    private readonly destination: Destination,
    validation: Validation,
  ) {
    this.#parameters = new Parameters(method, binding, validation);
    this.#placeBody = placeBody(method, binding, validation);
    this.#fromPartial = fromPartialOf(method.request.typeName);
  }

  /** The method's request message. @throws DomainError naming every field at fault */
  request(request: FastifyRequest): object {
    return this.#fromPartial(this.#placeBody(this.parameters(request), request.body));
  }

  /** What the path and the query say, without the body. @throws DomainError also where they lead nowhere */
  parameters({ params, query }: FastifyRequest): Record<string, unknown> {
    this.destination.of(params as Texts);
    return this.#parameters.read(params as Texts, query as Texts);
  }

  /** Fills in the defaults of a request that was put together elsewhere. */
  message(part: object): object {
    return this.#fromPartial(part);
  }

  invoke(request: object, call: CallContext): Promise<object> {
    return this.destination.of(request).invoke(this.method.service, this.method.key, request, call);
  }
}
