import { type DescField, type DescMessage, ScalarType } from '@bufbuild/protobuf';
import { FeatureSet_FieldPresence } from '@bufbuild/protobuf/wkt';
import type { optionsV1 } from '@rapport/contracts';
import type { ContractComments } from './comments.js';
import type { ContractOptions } from './options.js';

/** A message as the JSON side sees it. */
export interface MessageShape {
  /** `rapport.contacts.v1.Contact` */
  readonly typeName: string;
  /** `Contact` */
  readonly name: string;
  readonly comment: string;
  readonly fields: readonly FieldShape[];
}

export type ValueKind = 'string' | 'integer' | 'number' | 'boolean' | 'bytes' | 'message' | 'json' | 'object';

export interface FieldShape {
  /** As in JSON: `firstName`. */
  readonly name: string;
  /** As people call it: "first name". */
  readonly label: string;
  readonly comment: string;
  readonly kind: ValueKind;
  /** Of an integer: 32 or 64 bits. */
  readonly bits?: 32 | 64;
  /** Of a message. */
  readonly message?: MessageShape;
  readonly repeated: boolean;
  /** A map from strings to values of `kind`. */
  readonly map: boolean;
  /** Absent is told apart from empty. */
  readonly optional: boolean;
  readonly personal: boolean;
  /** Says which context answers a request that has it. */
  readonly route: optionsV1.Route;
  readonly rules: optionsV1.FieldRules;
}

/** Gives every message its shape, each once. */
export class MessageShapes {
  readonly #shapes = new Map<string, MessageShape>();

  constructor(
    private readonly options: ContractOptions,
    private readonly comments: ContractComments,
  ) {}

  of(message: DescMessage): MessageShape {
    const known = this.#shapes.get(message.typeName);
    if (known) return known;
    const fields: FieldShape[] = [];
    const { typeName, name } = message;
    const shape = { typeName, name, comment: this.comments.ofMessage(message), fields };
    this.#shapes.set(typeName, shape);
    fields.push(...message.fields.map((field) => this.#field(field)));
    return shape;
  }

  #field(field: DescField): FieldShape {
    const message = field.message;
    return {
      name: field.jsonName,
      label: this.options.label(field.proto.options) ?? field.name.replaceAll('_', ' '),
      comment: this.comments.ofField(field),
      ...(message ? this.#messageKind(message) : scalarKind(field.scalar)),
      repeated: field.fieldKind === 'list',
      map: field.fieldKind === 'map',
      optional: field.presence === FeatureSet_FieldPresence.EXPLICIT,
      personal: this.options.personal(field.proto.options),
      route: this.options.route(field.proto.options),
      rules: this.options.rules(field.proto.options),
    };
  }

  #messageKind(message: DescMessage): Pick<FieldShape, 'kind' | 'message'> {
    if (message.typeName === 'google.protobuf.Value') return { kind: 'json' };
    if (message.typeName === 'google.protobuf.Struct') return { kind: 'object' };
    return { kind: 'message', message: this.of(message) };
  }
}

const scalarKind = (scalar: ScalarType | undefined): Pick<FieldShape, 'kind' | 'bits'> => {
  switch (scalar) {
    case ScalarType.BOOL:
      return { kind: 'boolean' };
    case ScalarType.BYTES:
      return { kind: 'bytes' };
    case ScalarType.DOUBLE:
    case ScalarType.FLOAT:
      return { kind: 'number' };
    case ScalarType.INT32:
    case ScalarType.UINT32:
    case ScalarType.SINT32:
      return { kind: 'integer', bits: 32 };
    case ScalarType.INT64:
    case ScalarType.UINT64:
    case ScalarType.SINT64:
      return { kind: 'integer', bits: 64 };
    default:
      return { kind: 'string' };
  }
};
