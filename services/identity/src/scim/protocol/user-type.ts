import { type Attribute, attribute, complex, resourceType } from './attribute.js';

export const USER = 'urn:ietf:params:scim:schemas:core:2.0:User';
export const ENTERPRISE_USER = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

const uri = { type: 'reference', caseExact: true } as const;

const values = (name: string, description: string, kinds: readonly string[], rest: readonly Attribute[]): Attribute =>
  complex(
    name,
    description,
    [
      ...rest,
      attribute('type', 'What it is for.', { canonicalValues: kinds }),
      attribute('primary', 'Whether it is the one to be used.', { type: 'boolean' }),
    ],
    { multiValued: true },
  );

const named = [attribute('value', 'It itself.'), attribute('display', 'How it is shown.')];

const fullName = complex('name', 'The parts of the person’s name.', [
  attribute('formatted', 'All of it, as it is written.'),
  attribute('familyName', 'The family name.'),
  attribute('givenName', 'The given name.'),
  attribute('middleName', 'Names between the two.'),
  attribute('honorificPrefix', 'What stands before it.'),
  attribute('honorificSuffix', 'What stands behind it.'),
]);

const addresses = values(
  'addresses',
  'Where the person works and lives.',
  ['work', 'home', 'other'],
  [
    attribute('formatted', 'All of it, as it is written.'),
    attribute('streetAddress', 'Street and number.'),
    attribute('locality', 'The city.'),
    attribute('region', 'The state or region.'),
    attribute('postalCode', 'The postal code.'),
    attribute('country', 'The country (ISO 3166-1).'),
  ],
);

const groups = complex(
  'groups',
  'The groups that the user is in. Groups have members; this follows from them.',
  [
    attribute('value', 'The id of the group.', { caseExact: true, mutability: 'readOnly' }),
    attribute('$ref', 'Where the group is.', { ...uri, referenceTypes: ['Group'], mutability: 'readOnly' }),
    attribute('display', 'What the group is called.', { mutability: 'readOnly' }),
    attribute('type', 'That the user is in it directly.', { canonicalValues: ['direct'], mutability: 'readOnly' }),
  ],
  { multiValued: true, mutability: 'readOnly' },
);

const enterprise = {
  id: ENTERPRISE_USER,
  name: 'EnterpriseUser',
  description: 'A user of an organisation.',
  attributes: [
    attribute('employeeNumber', 'What the person is known by there.'),
    attribute('costCenter', 'The cost centre.'),
    attribute('organization', 'The organisation.'),
    attribute('division', 'The division.'),
    attribute('department', 'The department.'),
    complex('manager', 'Whom the person reports to.', [
      attribute('value', 'The id of that user.', { caseExact: true }),
      attribute('$ref', 'Where that user is.', { ...uri, referenceTypes: ['User'] }),
      attribute('displayName', 'What that user is called.', { mutability: 'readOnly' }),
    ]),
  ],
};

/** Somebody whom a directory sends here: a user of Rapport, with what the directory says of the person. */
export const userType = resourceType({
  name: 'User',
  endpoint: '/Users',
  description: 'Somebody who works with Rapport.',
  schema: {
    id: USER,
    name: 'User',
    description: 'Somebody who works with Rapport.',
    attributes: [
      attribute('userName', 'What the directory knows the person by.', { required: true, uniqueness: 'server' }),
      fullName,
      attribute('displayName', 'What the person is called.'),
      attribute('nickName', 'What friends call the person.'),
      attribute('profileUrl', 'A page about the person.', { ...uri, referenceTypes: ['external'] }),
      attribute('title', 'What the person is at work.'),
      attribute('userType', 'Employee, contractor, or what the directory says.'),
      attribute('preferredLanguage', 'The languages to be used, best first.'),
      attribute('locale', 'Language and region for what is written (BCP 47).'),
      attribute('timezone', 'Where the person’s days begin, as the IANA database names it.'),
      attribute('active', 'Whether the person may come in.', { type: 'boolean' }),
      values('emails', 'E-mail addresses. The primary one is signed in with.', ['work', 'home', 'other'], named),
      values('phoneNumbers', 'Telephone numbers.', ['work', 'home', 'mobile', 'fax', 'pager', 'other'], named),
      addresses,
      groups,
    ],
  },
  extensions: [enterprise],
});
