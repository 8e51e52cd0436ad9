import { type DescExtension, type FileRegistry, getExtension, hasExtension } from '@bufbuild/protobuf';
import { optionsV1 } from '@rapport/contracts';

type Carrier = Parameters<typeof getExtension>[0];

/** What `google.api.http` says about one method. */
export interface HttpRule {
  readonly pattern: { readonly case?: string; readonly value?: string };
  readonly body: string;
  readonly additionalBindings: readonly HttpRule[];
}

/** Reads our own and Google's options off descriptors; absent ones are undefined. */
export class ContractOptions {
  readonly #http: DescExtension;
  readonly #permission: DescExtension;
  readonly #transfer: DescExtension;
  readonly #pending: DescExtension;
  readonly #recent: DescExtension;
  readonly #rules: DescExtension;
  readonly #personal: DescExtension;
  readonly #route: DescExtension;
  readonly #label: DescExtension;
  readonly #listens: DescExtension;

  constructor(registry: FileRegistry) {
    const extension = (name: string): DescExtension => {
      const found = registry.getExtension(name);
      if (!found) throw new Error(`The contract does not know the option ${name}.`);
      return found;
    };
    this.#http = extension('google.api.http');
    this.#permission = extension('rapport.options.v1.permission');
    this.#transfer = extension('rapport.options.v1.transfer');
    this.#pending = extension('rapport.options.v1.pending');
    this.#recent = extension('rapport.options.v1.recent');
    this.#rules = extension('rapport.options.v1.rules');
    this.#personal = extension('rapport.options.v1.personal');
    this.#route = extension('rapport.options.v1.route');
    this.#label = extension('rapport.options.v1.label');
    this.#listens = extension('rapport.options.v1.listens');
  }

  http(options: Carrier | undefined): HttpRule | undefined {
    return read(options, this.#http) as HttpRule | undefined;
  }

  permission(options: Carrier | undefined): string | undefined {
    return read(options, this.#permission) as string | undefined;
  }

  transfer(options: Carrier | undefined): optionsV1.Transfer {
    return optionsV1.transferFromJSON(read(options, this.#transfer) ?? 0);
  }

  /** Where to look for what an answer came too early for; empty where answers come when the work is done. */
  pending(options: Carrier | undefined): string {
    return (read(options, this.#pending) as string | undefined) ?? '';
  }

  /** Whether a session has to be one of the last minutes. */
  recent(options: Carrier | undefined): boolean {
    return read(options, this.#recent) === true;
  }

  rules(options: Carrier | undefined): optionsV1.FieldRules {
    const found = read(options, this.#rules) as optionsV1.FieldRules | undefined;
    return optionsV1.FieldRules.fromPartial(found ?? {});
  }

  personal(options: Carrier | undefined): boolean {
    return read(options, this.#personal) === true;
  }

  route(options: Carrier | undefined): optionsV1.Route {
    return optionsV1.routeFromJSON(read(options, this.#route) ?? 0);
  }

  label(options: Carrier | undefined): string | undefined {
    return read(options, this.#label) as string | undefined;
  }

  listens(options: Carrier | undefined): readonly optionsV1.Listening[] {
    return (read(options, this.#listens) ?? []) as readonly optionsV1.Listening[];
  }
}

const read = (options: Carrier | undefined, extension: DescExtension): unknown =>
  options && hasExtension(options, extension) ? getExtension(options, extension) : undefined;
