import { create, createFileRegistry, fromBinary, type FileRegistry, setExtension } from '@bufbuild/protobuf';
import {
  type DescriptorProto,
  FieldDescriptorProto_Label,
  FieldDescriptorProto_Type,
  FieldDescriptorProtoSchema,
  FieldOptionsSchema,
  FileDescriptorProtoSchema,
  FileDescriptorSetSchema,
} from '@bufbuild/protobuf/wkt';
import { describe, expect, it } from '@jest/globals';
import { descriptorSet } from '@rapport/contracts';
import { personalFieldsOf } from './personal-fields.js';

interface Field {
  readonly name: string;
  readonly personal?: boolean;
  readonly about?: string;
  /** The message that it holds many of. */
  readonly many?: string;
  readonly type?: FieldDescriptorProto_Type;
}

const contract = fromBinary(FileDescriptorSetSchema, descriptorSet);
const options = createFileRegistry(contract);

/** The contract, and messages of a test in it. */
const contractWith = (messages: Readonly<Record<string, readonly Field[]>>): FileRegistry => {
  const file = create(FileDescriptorProtoSchema, {
    name: 'test.proto',
    package: 'test',
    syntax: 'proto3',
    dependency: ['rapport/options/v1/options.proto'],
    messageType: Object.entries(messages).map(([name, fields]) => ({ name, field: fields.map(descriptorOf) })),
  });
  return createFileRegistry(create(FileDescriptorSetSchema, { file: [...contract.file, file] }));
};

const descriptorOf = ({ name, personal, about, many, type }: Field, n: number): DescriptorProto['field'][number] => {
  const marks = create(FieldOptionsSchema);
  if (personal) setExtension(marks, options.getExtension('rapport.options.v1.personal')!, true);
  if (about !== undefined) setExtension(marks, options.getExtension('rapport.options.v1.about')!, about);
  return create(FieldDescriptorProtoSchema, {
    name,
    number: n + 1,
    type: many === undefined ? (type ?? FieldDescriptorProto_Type.STRING) : FieldDescriptorProto_Type.MESSAGE,
    label: many === undefined ? FieldDescriptorProto_Label.OPTIONAL : FieldDescriptorProto_Label.REPEATED,
    ...(many === undefined ? {} : { typeName: `.test.${many}` }),
    options: marks,
  });
};

describe('the personal fields of a message', () => {
  it('are those that the contract marks, with whom they are about', () => {
    const registry = contractWith({
      Note: [
        { name: 'id' },
        { name: 'subject_line', personal: true },
        { name: 'contact_id' },
        { name: 'body_text', personal: true, about: 'contact_id' },
        { name: 'participants', many: 'Participant' },
      ],
      Participant: [{ name: 'person_id' }, { name: 'display_name', personal: true, about: 'person_id' }],
    });
    expect(personalFieldsOf('test.Note', registry)).toEqual([
      'subjectLine',
      { name: 'bodyText', about: 'contactId' },
      { name: 'displayName', about: 'personId' },
    ]);
  });

  it('are about the record itself where nothing else is said', () => {
    const manager = { name: 'manager', about: 'managerId' };
    expect(personalFieldsOf('rapport.sales.v1.Representative')).toEqual([
      'name',
      manager,
      'email',
      'hold',
      'restriction',
    ]);
    expect(personalFieldsOf('rapport.contacts.v1.Contact')).toContain('address');
  });

  it.each<[string, RegExp, readonly Field[]]>([
    [
      'about a field that is not there',
      /test\.Note\.text is about "contact", which is no text field beside it/,
      [{ name: 'text', personal: true, about: 'contact' }],
    ],
    [
      'about a number',
      /no text field beside it/,
      [
        { name: 'contact', type: FieldDescriptorProto_Type.INT32 },
        { name: 'text', personal: true, about: 'contact' },
      ],
    ],
    [
      'about somebody and not personal',
      /test\.Note\.text is about somebody, but not personal/,
      [{ name: 'contact_id' }, { name: 'text', about: 'contact_id' }],
    ],
  ])('cannot be %s', (_, message, fields) => {
    expect(() => personalFieldsOf('test.Note', contractWith({ Note: fields }))).toThrow(message);
  });

  it('mean the same at every depth', () => {
    const registry = contractWith({
      Note: [
        { name: 'name', personal: true },
        { name: 'participants', many: 'Participant' },
      ],
      Participant: [{ name: 'person_id' }, { name: 'name', personal: true, about: 'person_id' }],
    });
    expect(() => personalFieldsOf('test.Note', registry)).toThrow(/name of test\.Participant is about somebody else/);
  });
});
