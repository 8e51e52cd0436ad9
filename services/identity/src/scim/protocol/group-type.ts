import { attribute, complex, resourceType } from './attribute.js';

export const GROUP = 'urn:ietf:params:scim:schemas:core:2.0:Group';

/** A group of a directory: a team of Rapport. */
export const groupType = resourceType({
  name: 'Group',
  endpoint: '/Groups',
  description: 'A team of users.',
  schema: {
    id: GROUP,
    name: 'Group',
    description: 'A team of users.',
    attributes: [
      attribute('displayName', 'What the team is called.', { required: true }),
      complex(
        'members',
        'The users in it.',
        [
          attribute('value', 'The id of the user.', { caseExact: true, mutability: 'immutable' }),
          attribute('$ref', 'Where the user is.', {
            ...{ type: 'reference', caseExact: true, mutability: 'immutable' },
            referenceTypes: ['User'],
          }),
          attribute('type', 'What is in it: users.', { canonicalValues: ['User'], mutability: 'immutable' }),
        ],
        { multiValued: true },
      ),
    ],
  },
  extensions: [],
});
