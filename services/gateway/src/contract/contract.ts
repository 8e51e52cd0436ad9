import type { DescFile, DescMethod, DescService, FileRegistry } from '@bufbuild/protobuf';
import type { optionsV1 } from '@rapport/contracts';
import {
  ContractComments,
  type HttpRule,
  type MessageShape,
  MessageShapes,
  ContractOptions,
} from '@rapport/service-kit';
import { parsePathTemplate, type PathTemplate } from './path-template.js';

export type HttpMethod = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** One way to reach a method over HTTP. */
export interface Binding {
  readonly httpMethod: HttpMethod;
  readonly path: PathTemplate;
  /** `*`: the body is the whole message; a name: the body is that field; empty: there is none. */
  readonly body: string;
}

export interface ContractMethod {
  /** `rapport.contacts.v1.ContactsService` */
  readonly service: string;
  /** `CreateContact` */
  readonly name: string;
  /** `createContact`, as backends know it. */
  readonly key: string;
  readonly comment: string;
  readonly permission: string | undefined;
  readonly transfer: optionsV1.Transfer;
  /** Where to look when an answer comes before the work is done; undefined where it never does. */
  readonly pending: PathTemplate | undefined;
  /** Whether a session has to be one of the last minutes. */
  readonly recent: boolean;
  readonly request: MessageShape;
  readonly response: MessageShape;
  /** Empty for methods that only services call. */
  readonly bindings: readonly Binding[];
}

export interface ContractService {
  readonly typeName: string;
  readonly name: string;
  readonly comment: string;
  readonly methods: readonly ContractMethod[];
}

/** What a context hears of another. */
export interface ContractListening extends Readonly<optionsV1.Listening> {
  /** The context that listens: `sales`. */
  readonly listener: string;
}

/** Everything that `proto/` says, read once at the start. */
export interface Contract {
  readonly services: readonly ContractService[];
  /** Messages of `*_events.proto`: what the feed carries, by full name. */
  readonly events: ReadonlyMap<string, MessageShape>;
  /** Who hears what of them. */
  readonly listening: readonly ContractListening[];
  /** Every permission that some method asks for. */
  readonly permissions: readonly string[];
}

export const readContract = (registry: FileRegistry): Contract => {
  const reader = new ContractReader(registry);
  const services = [...registry].filter((type) => type.kind === 'service').map((service) => reader.service(service));
  const permissions = services.flatMap(({ methods }) => methods.flatMap(({ permission }) => permission ?? []));
  return {
    services,
    events: reader.events(),
    listening: reader.listening(),
    permissions: [...new Set(permissions)].sort(),
  };
};

class ContractReader {
  readonly #options: ContractOptions;
  readonly #comments = new ContractComments();
  readonly #shapes: MessageShapes;

  constructor(private readonly registry: FileRegistry) {
    this.#options = new ContractOptions(registry);
    this.#shapes = new MessageShapes(this.#options, this.#comments);
  }

  service(service: DescService): ContractService {
    const { typeName, name, methods } = service;
    const comment = this.#comments.ofService(service);
    return { typeName, name, comment, methods: methods.map((method) => this.#method(method)) };
  }

  events(): ReadonlyMap<string, MessageShape> {
    return new Map(
      this.#eventFiles().flatMap(({ messages }) => messages.map((m) => [m.typeName, this.#shapes.of(m)] as const)),
    );
  }

  listening(): readonly ContractListening[] {
    return this.#eventFiles().flatMap(({ proto }) =>
      this.#options.listens(proto.options).map(({ context, aggregates }) => {
        const [, listener = ''] = proto.package.split('.');
        return { listener, context, aggregates };
      }),
    );
  }

  #eventFiles(): readonly DescFile[] {
    return [...this.registry.files].filter(({ name }) => name.endsWith('_events'));
  }

  #method(method: DescMethod): ContractMethod {
    const { options } = method.proto;
    const request = this.#shapes.of(method.input);
    const rule = this.#options.http(options);
    const place = this.#options.pending(options);
    const names = new Map(method.input.fields.map(({ name, jsonName }) => [name, jsonName]));
    const nameOf = (field: string): string => names.get(field) ?? field;
    return {
      service: method.parent.typeName,
      name: method.name,
      key: method.localName,
      comment: this.#comments.ofMethod(method),
      permission: this.#options.permission(options),
      transfer: this.#options.transfer(options),
      pending: place === '' ? undefined : parsePathTemplate(place, nameOf),
      recent: this.#options.recent(options),
      request,
      response: this.#shapes.of(method.output),
      bindings: rule ? [rule, ...rule.additionalBindings].map((each) => bindingOf(each, nameOf)) : [],
    };
  }
}

const bindingOf = ({ pattern, body }: HttpRule, nameOf: (field: string) => string): Binding => ({
  httpMethod: (pattern.case ?? 'get').toUpperCase() as HttpMethod,
  path: parsePathTemplate(pattern.value ?? '/', nameOf),
  body: body === '*' ? body : nameOf(body),
});
