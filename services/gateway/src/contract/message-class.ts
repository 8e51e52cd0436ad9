import * as contracts from '@rapport/contracts';

/** Makes a message out of part of one: defaults filled in, everything else left out. */
export type FromPartial = (part: object) => object;

type Package = Readonly<Record<string, { fromPartial?: FromPartial } | undefined>>;

/** The generated class of a message, by its full name: `rapport.contacts.v1.Contact` is `contactsV1.Contact`. */
export const fromPartialOf = (typeName: string): FromPartial => {
  const [, area = '', version = '', message = ''] = typeName.split('.');
  const packages = contracts as unknown as Readonly<Record<string, Package | undefined>>;
  const found = packages[`${area}${version.toUpperCase()}`]?.[message];
  if (!found?.fromPartial) throw new Error(`@rapport/contracts has no message ${typeName}.`);
  return found.fromPartial.bind(found);
};
