/** The kinds of errors that RFC 7644 has names for (section 3.12). */
export type ScimType =
  'invalidFilter' | 'uniqueness' | 'mutability' | 'invalidSyntax' | 'invalidPath' | 'noTarget' | 'invalidValue';

/** A request of the protocol that cannot be done. */
export class ScimError extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly scimType?: ScimType,
  ) {
    super(message);
  }
}

export const invalid = (scimType: ScimType, message: string): ScimError => new ScimError(400, message, scimType);

export const errorBody = (status: number, detail: string, scimType?: ScimType): object => ({
  schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
  ...(scimType && { scimType }),
  detail,
  status: String(status),
});
