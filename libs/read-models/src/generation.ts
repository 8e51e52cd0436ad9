import { createHash } from 'node:crypto';
import { DomainError } from '@rapport/kernel';
import type { CollectionDeclaration, Document } from './read-model-store.js';

/** What tells one shape of a collection from another: its fields and indexes in their order, by which engines may lay them out. */
export const declarationDigest = ({ fields, indexes, lookups, open }: CollectionDeclaration): string => {
  const shape = JSON.stringify([Object.entries(fields), indexes, lookups ?? [], ...(open === undefined ? [] : [open])]);
  return createHash('sha256').update(shape).digest('hex').slice(0, 12);
};

/** Throws DomainError invalid `bad-declaration` for an index over a field that is not declared. */
export const checkDeclaration = ({ name, fields, indexes, lookups = [] }: CollectionDeclaration): void => {
  for (const field of [...indexes, ...lookups].flat()) {
    if (Object.hasOwn(fields, field)) continue;
    const message = `Collection ${name} has an index over "${field}", which is not among its fields. Declare the field.`;
    throw new DomainError('invalid', 'bad-declaration', message);
  }
};

/** The first names of what a collection's documents may say beside declared fields. */
export const openNames = ({ open = [] }: Pick<CollectionDeclaration, 'open'>): readonly string[] =>
  typeof open === 'string' ? [open] : open;

/**
 * A declaration with fields of a tenant besides its own. @throws DomainError invalid `bad-declaration` for a field that is not
 * called as open ones are
 */
export const withOpenFields = <D extends Document>(
  declaration: CollectionDeclaration<D>,
  fields: CollectionDeclaration['fields'],
): CollectionDeclaration<D> => {
  const names = openNames(declaration);
  for (const field of Object.keys(fields)) {
    if (OPEN_FIELD.test(field) && names.some((name) => field.startsWith(`${name}.`))) continue;
    const message = `Collection ${declaration.name} has no open field "${field}". Call it ${names.join('.name or ')}.name.`;
    throw new DomainError('invalid', 'bad-declaration', message);
  }
  return { ...declaration, fields: { ...declaration.fields, ...fields } };
};

/** Engines may put such a name into a path as it is. */
const OPEN_FIELD = /^[a-zA-Z]\w*(\.\w+){1,2}$/;

export const unknownGeneration = (name: string, generation: string): DomainError =>
  new DomainError(
    'not-found',
    'unknown-generation',
    `Collection ${name} has no generation ${generation}: it was dropped or never made. Open the collection again.`,
  );

export const otherDeclaration = (name: string, generation: string): DomainError =>
  new DomainError(
    'conflict',
    'generation-declared-differently',
    `Generation ${generation} of collection ${name} has other fields or indexes. Choose a new name for the generation.`,
  );

export const unknownCollection = (name: string): DomainError =>
  new DomainError('internal', 'foreign-collection', `Collection ${name} was opened by another store. Use one store.`);
