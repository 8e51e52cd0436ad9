import type { MethodDefinition, ServiceDefinition } from '@grpc/grpc-js';
import type { ContractMethod, ContractService, MessageType } from './contract-services.js';

/** How gRPC calls a method: the generated code writes and reads its messages, nothing is loaded from .proto files. */
export const methodDefinition = (
  { fullName }: ContractService,
  { name, requestType, responseType }: ContractMethod,
): MethodDefinition<object, object> => ({
  path: `/${fullName}/${name}`,
  requestStream: false,
  responseStream: false,
  requestSerialize: writer(requestType),
  requestDeserialize: (bytes) => requestType.decode(bytes),
  responseSerialize: writer(responseType),
  responseDeserialize: (bytes) => responseType.decode(bytes),
});

/** By the methods' names as the contract writes them. Answers are written by {@link writer} before gRPC gets them. */
export const serviceDefinition = (service: ContractService): ServiceDefinition =>
  Object.fromEntries(
    Object.values(service.methods).map((method) => [
      method.name,
      { ...methodDefinition(service, method), requestDeserialize: remembering(method), responseSerialize: asItIs },
    ]),
  );

/** What is written already. */
export const asItIs = (bytes: Buffer): Buffer => bytes;

const received = new WeakMap<object, Uint8Array>();

/** The bytes that a request came as, over which the gateway has signed. */
export const bytesOf = (request: object): Uint8Array => received.get(request) ?? new Uint8Array();

const remembering =
  ({ requestType }: ContractMethod) =>
  (bytes: Buffer): object => {
    const request = requestType.decode(bytes);
    received.set(request, bytes);
    return request;
  };

export const writer =
  (type: MessageType) =>
  (message: object): Buffer => {
    const bytes = type.encode(message as never).finish();
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  };
