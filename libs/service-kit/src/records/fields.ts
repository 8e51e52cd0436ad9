import type { FieldPatch } from '@rapport/kernel';

const given = (value: unknown): boolean =>
  value !== undefined && value !== '' && !(Array.isArray(value) && value.length === 0);

/** A message's fields as a record keeps them: what is empty is absent. `omit` names the fields that are not the user's. */
export const fieldsOf = <Fields extends object>(message: object, omit: readonly string[]): Fields => {
  const fields: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(message)) {
    if (given(value) && !omit.includes(name)) fields[name] = value;
  }
  return fields as Fields;
};

/** The fields that an update names, null where it empties one. */
export const patchOf = <Fields extends object>(message: object, mask: readonly string[]): FieldPatch<Fields> => {
  const patch: Record<string, unknown> = {};
  for (const name of mask) {
    const value = (message as Record<string, unknown>)[name];
    patch[name] = given(value) ? value : null;
  }
  return patch as FieldPatch<Fields>;
};
