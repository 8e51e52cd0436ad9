import type { ResourceType, Schema } from './attribute.js';
import { groupType } from './group-type.js';
import { MOST_RESULTS } from './listing.js';
import { userType } from './user-type.js';

export const resourceTypes: readonly ResourceType[] = [userType, groupType];

const schemas: readonly Schema[] = resourceTypes.flatMap(({ schema, extensions }) => [schema, ...extensions]);

const meta = (resourceType: string, location: string): object => ({ meta: { resourceType, location } });

const listed = (Resources: readonly object[]): object => ({
  schemas: ['urn:ietf:params:scim:api:messages:2.0:ListResponse'],
  ...{ totalResults: Resources.length, startIndex: 1, itemsPerPage: Resources.length, Resources },
});

/** What a service provider says of itself (RFC 7644, section 4). `base` is where the protocol begins. */
export const discovered = (path: string, base: string): object | undefined => {
  const [, endpoint, name, ...rest] = path.split('/');
  if (rest.length > 0) return undefined;
  switch (endpoint?.toLowerCase()) {
    case 'serviceproviderconfig':
      return name === undefined ? providerConfig(base) : undefined;
    case 'resourcetypes':
      return all(
        resourceTypes.map((type) => typeBody(type, base)),
        name,
      );
    case 'schemas':
      return all(
        schemas.map((schema) => schemaBody(schema, base)),
        name,
      );
    default:
      return undefined;
  }
};

const all = (bodies: readonly { readonly id: string }[], name: string | undefined): object | undefined =>
  name === undefined ? listed(bodies) : bodies.find(({ id }) => id.toLowerCase() === name.toLowerCase());

const providerConfig = (base: string): object => ({
  schemas: ['urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig'],
  patch: { supported: true },
  bulk: { supported: false, maxOperations: 0, maxPayloadSize: 0 },
  filter: { supported: true, maxResults: MOST_RESULTS },
  changePassword: { supported: false },
  sort: { supported: true },
  etag: { supported: true },
  authenticationSchemes: [
    {
      type: 'oauthbearertoken',
      name: 'API key',
      description: 'An API key of a user who may provision, sent as Authorization: Bearer.',
      specUri: 'https://www.rfc-editor.org/info/rfc6750',
      primary: true,
    },
  ],
  ...meta('ServiceProviderConfig', `${base}/ServiceProviderConfig`),
});

const typeBody = ({ name: id, endpoint, description, schema, extensions }: ResourceType, base: string) => ({
  schemas: ['urn:ietf:params:scim:schemas:core:2.0:ResourceType'],
  ...{ id, name: id, endpoint, description, schema: schema.id },
  schemaExtensions: extensions.map((extension) => ({ schema: extension.id, required: false })),
  ...meta('ResourceType', `${base}/ResourceTypes/${id}`),
});

const schemaBody = ({ id, name, description, attributes }: Schema, base: string) => ({
  schemas: ['urn:ietf:params:scim:schemas:core:2.0:Schema'],
  ...{ id, name, description, attributes },
  ...meta('Schema', `${base}/Schemas/${id}`),
});
