import type { CallContext } from '@rapport/kernel';

/** A service of the contract, as generated code describes it. */
export interface ServiceDescription {
  /** `rapport.contacts.v1.AccountsService` */
  readonly fullName: string;
  readonly methods: object;
}

/** The message behind its generated codec. */
export type MessageOf<Codec> = Codec extends { decode: (...bytes: never[]) => infer M } ? M & object : never;

/** The service of a kind of record, in its package. */
export type ServiceIn<C, Plural extends string> = C extends {
  readonly [_ in `${Capitalize<Plural>}ServiceDefinition`]: infer D;
}
  ? Extract<D, ServiceDescription>
  : never;

type HandlerOf<Method> = Method extends { readonly requestType: infer Q; readonly responseType: infer A }
  ? (request: MessageOf<Q>, call: CallContext) => Promise<MessageOf<A>>
  : never;

/** What answers the calls of a service: its methods, each with the circumstances of the call. */
export type HandlersOf<D extends ServiceDescription> = {
  readonly [M in keyof D['methods']]: HandlerOf<D['methods'][M]>;
};
