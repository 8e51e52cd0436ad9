import type { DescField, DescFile, DescMessage, DescMethod, DescService } from '@bufbuild/protobuf';

/** Numbers of the fields of a file descriptor under which its parts stand, see google/protobuf/descriptor.proto. */
const MESSAGES = 4;
const SERVICES = 6;
const FIELDS_OR_METHODS = 2;

/** The comments of the contract: they become the documentation of the API. */
export class ContractComments {
  readonly #byFile = new Map<DescFile, ReadonlyMap<string, string>>();

  ofMessage(message: DescMessage): string {
    return this.#at(message.file, MESSAGES, message.file.messages.indexOf(message));
  }

  ofField(field: DescField): string {
    const { parent } = field;
    const place = [MESSAGES, parent.file.messages.indexOf(parent), FIELDS_OR_METHODS, parent.fields.indexOf(field)];
    return this.#at(parent.file, ...place);
  }

  ofService(service: DescService): string {
    return this.#at(service.file, SERVICES, service.file.services.indexOf(service));
  }

  ofMethod({ parent: service, ...method }: DescMethod): string {
    const index = service.methods.findIndex(({ name }) => name === method.name);
    return this.#at(service.file, SERVICES, service.file.services.indexOf(service), FIELDS_OR_METHODS, index);
  }

  #at(file: DescFile, ...path: readonly number[]): string {
    let comments = this.#byFile.get(file);
    if (!comments) this.#byFile.set(file, (comments = commentsOf(file)));
    return comments.get(path.join()) ?? '';
  }
}

const commentsOf = (file: DescFile): ReadonlyMap<string, string> =>
  new Map(
    (file.proto.sourceCodeInfo?.location ?? []).map(({ path, leadingComments }) => [
      path.join(),
      leadingComments.replace(/^ /gm, '').trim(),
    ]),
  );
