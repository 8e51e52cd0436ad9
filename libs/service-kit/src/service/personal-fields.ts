import { createFileRegistry, fromBinary, getOption, hasOption, type DescMessage } from '@bufbuild/protobuf';
import { FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';
import { descriptorSet } from '@rapport/contracts';

const registry = createFileRegistry(fromBinary(FileDescriptorSetSchema, descriptorSet));

/** The fields of a message that the contract marks as personal, in camelCase. */
export const personalFieldsOf = (message: string): readonly string[] => {
  const descriptor: DescMessage | undefined = registry.getMessage(message);
  const personal = registry.getExtension('rapport.options.v1.personal');
  if (!descriptor || !personal) throw new Error(`The contract has no message ${message}.`);
  return descriptor.fields
    .filter((field) => hasOption(field, personal) && getOption(field, personal) === true)
    .map((field) => field.localName);
};
