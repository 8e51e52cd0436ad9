import {
  type DescField,
  type DescMessage,
  type FileRegistry,
  getOption,
  hasOption,
  ScalarType,
} from '@bufbuild/protobuf';
import type { PersonalField } from '@rapport/privacy';
import { contractRegistry } from '../contract/contract-messages.js';

/**
 * The fields of a message, and of the messages in it, that the contract marks as personal, in camelCase, each with the field
 * that names whom it is about, where the contract says so.
 */
export const personalFieldsOf = (
  message: string,
  registry: FileRegistry = contractRegistry,
): readonly PersonalField[] => {
  const descriptor = registry.getMessage(message);
  if (!descriptor) throw new Error(`The contract has no message ${message}.`);
  const fields = new Map<string, PersonalField>();
  collect(descriptor, registry, fields, new Set());
  return [...fields.values()];
};

const collect = (
  message: DescMessage,
  registry: FileRegistry,
  fields: Map<string, PersonalField>,
  seen: Set<string>,
): void => {
  if (seen.has(message.typeName)) return;
  seen.add(message.typeName);
  for (const field of message.fields) {
    if (optionOf(registry, field, 'personal') === true) add(personalField(field, registry), message, fields);
    else if (field.message) collect(field.message, registry, fields, seen);
    else if (optionOf(registry, field, 'about'))
      throw new Error(`${nameOf(field)} is about somebody, but not personal.`);
  }
};

/** One name means one thing at any depth: that is how the fields are found in events. */
const add = (field: PersonalField, { typeName }: DescMessage, fields: Map<string, PersonalField>): void => {
  const name = typeof field === 'string' ? field : field.name;
  const known = fields.get(name) ?? field;
  if (JSON.stringify(known) !== JSON.stringify(field))
    throw new Error(`${name} of ${typeName} is about somebody else than the field of that name around it.`);
  fields.set(name, field);
};

const personalField = (field: DescField, registry: FileRegistry): PersonalField => {
  const named = optionOf(registry, field, 'about');
  if (typeof named !== 'string' || named === '') return field.localName;
  const about = field.parent.fields.find(({ name }) => name === named);
  const isText = (about?.fieldKind === 'scalar' && about.scalar === ScalarType.STRING) || isTexts(about);
  if (!about || !isText) throw new Error(`${nameOf(field)} is about "${named}", which is no text field beside it.`);
  return { name: field.localName, about: about.localName };
};

/** Ids of several people. */
const isTexts = (field: DescField | undefined): boolean =>
  field?.fieldKind === 'list' && field.listKind === 'scalar' && field.scalar === ScalarType.STRING;

const optionOf = (registry: FileRegistry, field: DescField, option: 'personal' | 'about'): unknown => {
  const extension = registry.getExtension(`rapport.options.v1.${option}`);
  return extension && hasOption(field, extension) ? getOption(field, extension) : undefined;
};

const nameOf = ({ name, parent }: DescField): string => `${parent.typeName}.${name}`;
