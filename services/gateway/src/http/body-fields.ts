import { DomainError } from '@rapport/kernel';

const LONGEST = 1_000;
/** Of what a device says, in base64url. */
const LONGEST_INSIDE = 8_000;

/** The texts of a body that no message of the contract describes. */
export interface Fields {
  /** Undefined where it is missing or empty. @throws DomainError invalid, where it is no text */
  optional(name: string): string | undefined;
  /** @throws DomainError invalid, where there is none */
  text(name: string): string;
  /** Those of a field that has fields itself. */
  inner(name: string): Fields | undefined;
}

export const fieldsIn = (body: unknown, path = '', longest = LONGEST): Fields => {
  const fields = (isObject(body) ? body : {}) as Readonly<Record<string, unknown>>;
  const optional = (name: string): string | undefined => {
    const value = fields[name];
    if (value === undefined || value === null || value === '') return undefined;
    if (typeof value === 'string' && value.length <= longest) return value;
    throw missing(`${path}/${name}`, `"${name}" has to be a text of up to ${longest} characters.`);
  };
  const text = (name: string): string => {
    const value = optional(name);
    if (value === undefined) throw missing(`${path}/${name}`, `Give "${name}".`);
    return value;
  };
  const inner = (name: string): Fields | undefined => {
    const value = fields[name];
    if (value === undefined || value === null) return undefined;
    if (isObject(value)) return fieldsIn(value, `${path}/${name}`, LONGEST_INSIDE);
    throw missing(`${path}/${name}`, `"${name}" has to be an object.`);
  };
  return { optional, text, inner };
};

const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null && !Array.isArray(value);

const missing = (pointer: string, message: string): DomainError =>
  new DomainError('invalid', 'invalid-request', message, { fields: [{ pointer, code: 'required', message }] });
