import { Controller, Inject, type Type } from '@nestjs/common';
import { GrpcMethod } from '@nestjs/microservices';
import type { Metadata, ServerUnaryCall } from '@grpc/grpc-js';
import type { CallContext } from '@rapport/kernel';
import { HANDLERS } from '../service/tokens.js';
import { CallIntake } from './call-intake.js';
import type { ContractService } from './contract-services.js';
import { writer } from './method-definitions.js';

type Call = ServerUnaryCall<object, object>;
type Handler = (request: object, call: CallContext) => Promise<object>;
type Handlers = ReadonlyMap<string, Readonly<Record<string, Handler>>>;

/** One service of the contract as Nest knows services: a controller with a method for each of its own. */
export const contractController = ({ fullName, methods }: ContractService): Type<object> => {
  class ContractController {
    readonly handlers: Readonly<Record<string, Handler>>;

    constructor(
      all: Handlers,
      readonly intake: CallIntake,
    ) {
      this.handlers = all.get(fullName)!;
    }
  }
  Controller()(ContractController);
  Inject(HANDLERS)(ContractController, undefined, 0);
  Inject(CallIntake)(ContractController, undefined, 1);
  for (const [key, { name, responseType }] of Object.entries(methods)) {
    const path = `${fullName}/${name}`;
    const write = writer(responseType);
    const value = function (this: ContractController, request: object, _: Metadata, call: Call): Promise<Buffer> {
      const { handlers, intake } = this;
      const handle = async (context: CallContext): Promise<Buffer> => write(await handlers[key]!(request, context));
      return intake.answer(path, handle, request, call);
    };
    Object.defineProperty(ContractController.prototype, key, { value, configurable: true, writable: true });
    GrpcMethod(fullName, name)(ContractController.prototype, key, { value });
  }
  return ContractController;
};
