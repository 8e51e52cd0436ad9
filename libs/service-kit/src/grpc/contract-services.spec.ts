import { expect, it } from '@jest/globals';
import { contextNames } from '@rapport/contexts';
import { contractServices, servicesOf } from './contract-services.js';

/** The gateway answers these itself. */
const OF_THE_GATEWAY = [
  'rapport.access.v1.AccessService',
  'rapport.events.v1.EventsService',
  'rapport.identity.v1.NotificationsService',
  'rapport.privacy.v1.PeopleService',
  'rapport.search.v1.SearchService',
  'rapport.workspace.v1.WorkspaceArchivesService',
];

it('reaches every service of the contract where contexts are processes', () => {
  const reached = new Set(contextNames.flatMap((name) => servicesOf(name).map(({ fullName }) => fullName)));
  const lost = [...contractServices.keys()].filter((name) => !reached.has(name) && !OF_THE_GATEWAY.includes(name));
  expect(lost).toEqual([]);
});

it('leaves to the gateway what the gateway answers', () => {
  const served = contextNames.flatMap((name) => servicesOf(name).map(({ fullName }) => fullName));
  expect(served.filter((name) => OF_THE_GATEWAY.includes(name))).toEqual([]);
});
