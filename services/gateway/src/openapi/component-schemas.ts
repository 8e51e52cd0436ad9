import {
  type FieldShape,
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
    const schema = this.named(
      message.name,
      messageSchema(fields, variant, (field) => this.reference(field.message!, inner(variant, field.name === masked))),
    );
    return message.comment === '' ? schema : { description: message.comment, ...schema };
  }

  /** A whole message without the fields of the path: it belongs to one method. */
  body(method: string, message: MessageShape, fields: readonly FieldShape[]): JsonSchema {
    const name = `${method}Body`;
    const schema = messageSchema(fields, 'input', (field) => this.reference(field.message!, 'input'));
    this.#schemas.set(name, this.named(message.name, schema));
    return { $ref: `${this.prefix}${name}` };
  }

  /** A list of words by a name of its own: `OpportunityStatus`; `AsOfBy`, which many requests have. */
  words(field: string, message: string, words: readonly string[]): JsonSchema {
    const short = field.charAt(0).toUpperCase() + field.slice(1);
    const schema: JsonSchema = { type: 'string', enum: words };
    const isFree = (name: string): boolean =>
      !this.#schemas.has(name) || JSON.stringify(this.#schemas.get(name)) === JSON.stringify(schema);
    const name = message.endsWith('Request') && isFree(short) ? short : `${message}${short}`;
    this.#schemas.set(name, schema);
    return { $ref: `${this.prefix}${name}` };
  }

  /** Generators name what stands inline by counting: `Body2`. */
  private named(message: string, schema: JsonSchema): JsonSchema {
    const properties = Object.entries(schema.properties ?? {}).map(
      ([name, property]) => [name, this.withWords(name, message, property)] as const,
    );
    return { ...schema, properties: Object.fromEntries(properties) };
  }

  private withWords(name: string, message: string, property: JsonSchema): JsonSchema {
    if (property.items?.enum) return { ...property, items: this.withWords(name, message, property.items) };
    if (!property.enum) return property;
    const { enum: all, type: _, ...rest } = property;
    const words = all.filter((word): word is string => word !== null);
    const reference = this.words(name, message, words);
    return words.length === all.length ? { ...rest, ...reference } : { ...rest, oneOf: [reference, { type: 'null' }] };
  }

  get all(): Readonly<Record<string, JsonSchema>> {
    return Object.fromEntries([...this.#schemas].sort(([a], [b]) => (a < b ? -1 : 1)));
  }
}

const inner = (variant: Variant, masked: boolean): Variant =>
  isGiven(variant) ? (masked ? 'changes' : 'input') : variant;
