import {
  type JsonSchema,
  type MessageShape,
  type Variant,
  isGiven,
  maskedField,
  messageSchema,
  sentFields,
} from '@rapport/service-kit';

const suffixes: Readonly<Record<Variant, string>> = { input: 'Input', changes: 'Changes', output: '', event: '' };

/** The schemas that a document refers to, each written once: `Contact`, `ContactInput`, `ContactChanges`. */
export class ComponentSchemas {
  readonly #schemas = new Map<string, JsonSchema>();

  /** @param prefix where they stand in the document: `#/components/schemas/` */
  constructor(private readonly prefix: string) {}

  reference(message: MessageShape, variant: Variant): JsonSchema {
    const name = `${message.name}${suffixes[variant]}`;
    if (!this.#schemas.has(name)) {
      // Its place is taken first, should a message ever hold itself.
      this.#schemas.set(name, {});
      this.#schemas.set(name, this.schema(message, variant));
    }
    return { $ref: `${this.prefix}${name}` };
  }

  /** The schema itself, with references to what it holds. */
  schema(message: MessageShape, variant: Variant): JsonSchema {
    const masked = maskedField(message)?.name;
    const fields = isGiven(variant) ? sentFields(message) : message.fields;
    const schema = messageSchema(fields, variant, (field) =>
      this.reference(field.message!, inner(variant, field.name === masked)),
    );
    return message.comment === '' ? schema : { description: message.comment, ...schema };
  }

  get all(): Readonly<Record<string, JsonSchema>> {
    return Object.fromEntries([...this.#schemas].sort(([a], [b]) => (a < b ? -1 : 1)));
  }
}

const inner = (variant: Variant, masked: boolean): Variant =>
  isGiven(variant) ? (masked ? 'changes' : 'input') : variant;
