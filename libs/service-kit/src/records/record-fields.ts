import type { FieldType } from '@rapport/read-models';
import type { FieldShape, MessageShape } from '../contract/message-shape.js';

/** What a message says that is Rapport's own account of a record. */
const ACCOUNT: ReadonlySet<string> = new Set(['id', 'info']);

/** A record's own fields: what somebody may say about it. */
export const ownFields = ({ fields }: MessageShape): readonly FieldShape[] =>
  fields.filter(({ name, rules }) => !rules.outputOnly && !ACCOUNT.has(name));

/**
 * What lists may be filtered and sorted by: every field of a message and of the messages in it, `amount.minor`, but for
 * lists of messages and those that are left out.
 */
export const listedFields = (
  message: MessageShape,
  leftOut: readonly string[],
): Readonly<Record<string, FieldType>> => {
  const fields: Record<string, FieldType> = {};
  collect(message.fields, '', new Set([...ACCOUNT, ...leftOut]), fields);
  return fields;
};

const collect = (
  shapes: readonly FieldShape[],
  prefix: string,
  leftOut: ReadonlySet<string>,
  fields: Record<string, FieldType>,
): void => {
  for (const shape of shapes) {
    const path = `${prefix}${shape.name}`;
    const type = leftOut.has(path) ? undefined : typeOf(shape);
    if (type !== undefined) fields[path] = type;
    else if (isOneMessage(shape) && !leftOut.has(path)) collect(shape.message!.fields, `${path}.`, leftOut, fields);
  }
};

const isOneMessage = ({ kind, repeated, map }: FieldShape): boolean => kind === 'message' && !repeated && !map;

const typeOf = ({ kind, repeated, map, rules }: FieldShape): FieldType | undefined => {
  if (map) return undefined;
  if (repeated) return kind === 'string' ? 'texts' : undefined;
  if (kind === 'string') return TEXTS[rules.format] ?? 'text';
  return kind === 'boolean' ? 'boolean' : kind === 'integer' || kind === 'number' ? 'number' : undefined;
};

const TEXTS: Readonly<Record<string, FieldType>> = { date: 'date', 'date-time': 'time', instant: 'time' };

/**
 * Nothing that is neither personal nor kept may be left of a person, and nothing personal kept. @throws Error that names the
 * first field that it is not so with
 */
export const checkKeptOnErasure = (message: MessageShape, kept: readonly string[]): void => {
  for (const { name, personal } of ownFields(message)) {
    if (personal !== kept.includes(name)) continue;
    const what = personal ? 'is personal, and kept' : 'is neither personal nor kept';
    throw new Error(`${message.typeName}.${name} ${what} when the person is erased. See keepOnErase.`);
  }
};
