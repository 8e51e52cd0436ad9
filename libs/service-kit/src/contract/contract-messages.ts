import { createFileRegistry, type FileRegistry, fromBinary } from '@bufbuild/protobuf';
import { FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';
import { descriptorSet } from '@rapport/contracts';
import { ContractComments } from './comments.js';
import { type FieldShape, type MessageShape, MessageShapes } from './message-shape.js';
import { ContractOptions } from './options.js';

/** Everything that `proto/` says, read once. */
export const contractRegistry: FileRegistry = createFileRegistry(fromBinary(FileDescriptorSetSchema, descriptorSet));
const options = new ContractOptions(contractRegistry);
const shapes = new MessageShapes(options, new ContractComments());

/** What a caller of a method needs, by its full name: `rapport.contacts.v1.ContactsService/EraseContact`. */
export const methodPermissions: ReadonlyMap<string, string | undefined> = new Map(
  [...contractRegistry]
    .filter((type) => type.kind === 'service')
    .flatMap(({ typeName, methods }) =>
      methods.map((method) => [`${typeName}/${method.name}`, options.permission(method.proto.options)] as const),
    ),
);

/** A message of the contract by its full name: `rapport.contacts.v1.Contact`. */
export const contractMessage = (typeName: string): MessageShape => {
  const message = contractRegistry.getMessage(typeName);
  if (!message) throw new Error(`The contract has no message ${typeName}.`);
  return shapes.of(message);
};

/** A field of a message, or of a message within it: `address.city`. */
export const contractField = (typeName: string, path: string): FieldShape => {
  let message: MessageShape | undefined = contractMessage(typeName);
  let field: FieldShape | undefined;
  for (const step of path.split('.')) {
    field = message?.fields.find(({ name }) => name === step);
    message = field?.message;
  }
  if (!field) throw new Error(`The contract has no field ${path} in ${typeName}.`);
  return field;
};
