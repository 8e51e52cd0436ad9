import type { DomainEvent } from '@rapport/kernel';
import { contextModules } from '@rapport/standalone/contexts';
import { markOf, type ToldAggregate } from './told-aggregate.js';

const userId = '01940000-0000-7000-8000-000000000006';
const passkeyId = '01940000-0000-7000-8000-000000000008';

/** What identity decides beside its records; others never hear of it. */
const ofIdentity = (aggregate: string, ...told: readonly DomainEvent[]): ToldAggregate => {
  const known = contextModules.identity.service.catalogue.find((each) => each.aggregate === aggregate)!;
  const commands = Object.keys((known as unknown as { readonly decide: object }).decide);
  const personal = (contextModules.identity.service.personal[aggregate] ?? []).map(markOf);
  return { context: 'identity', aggregate, events: known.events, commands, personal, told };
};

export const identityTold: readonly ToldAggregate[] = [
  ofIdentity('email', { type: 'EmailReserved', data: { userId } }, { type: 'EmailReleased', data: {} }),
  ofIdentity(
    'apiKey',
    {
      type: 'ApiKeyIssued',
      data: {
        ...{ name: 'Integration', userId, permissions: ['contacts.read'], expiresAt: '2027-01-01T00:00:00.000Z' },
        digest: '0f4636c78f65d3639ece5a064b5ae753e3408614a14fb18ab4d7540d2c248543',
      },
    },
    {
      type: 'ApiKeyRotated',
      data: {
        digest: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
        formerUntil: '2026-01-02T00:00:00.000Z',
      },
    },
    { type: 'ApiKeyUsed', data: { on: '2026-01-01' } },
    { type: 'ApiKeyRevoked', data: {} },
  ),
  ofIdentity(
    'session',
    {
      type: 'SessionOpened',
      data: {
        ...{ userId, generation: 1, expiresAt: '2026-01-15T00:00:00.000Z' },
        digest: '0f4636c78f65d3639ece5a064b5ae753e3408614a14fb18ab4d7540d2c248543',
      },
    },
    { type: 'SessionClosed', data: {} },
  ),
  ofIdentity(
    'signIn',
    {
      type: 'SignInLinkIssued',
      data: {
        digest: '0f4636c78f65d3639ece5a064b5ae753e3408614a14fb18ab4d7540d2c248543',
        expiresAt: '2026-01-04T00:00:00.000Z',
      },
    },
    { type: 'PasswordSet', data: { hash: 'argon2id$m=19456,t=2,p=1$c2FsdA$dGFn' } },
    { type: 'SecondFactorProposed', data: { secret: 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ' } },
    {
      type: 'SecondFactorConfirmed',
      data: { step: 55_000_000, recovery: ['9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08'] },
    },
    { type: 'SecondFactorUsed', data: { step: 55_000_001 } },
    {
      type: 'RecoveryCodeUsed',
      data: { digest: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08' },
    },
    { type: 'SecondFactorRemoved', data: {} },
    {
      type: 'PasskeyEnrolled',
      data: {
        ...{ passkeyId, credentialId: 'Y3JlZGVudGlhbA', publicKey: 'pQECAyYgASFYIA', name: 'Work laptop', counter: 0 },
        ...{ transports: ['internal'], challengedAt: 1_767_225_600_000 },
      },
    },
    { type: 'PasskeyRenamed', data: { passkeyId, name: 'Old laptop' } },
    { type: 'PasskeyUsed', data: { passkeyId, counter: 1, challengedAt: 1_767_225_660_000 } },
    { type: 'PasskeyRemoved', data: { passkeyId } },
  ),
  ofIdentity(
    'handover',
    {
      type: 'HandoverAsked',
      data: { userId, successorId: userId, parts: { contacts: { from: [userId], to: userId } } },
    },
    { type: 'HandoverUndone', data: {} },
  ),
  ofIdentity('preferences', {
    type: 'PreferencesChanged',
    data: { set: { theme: 'dark', muted: ['due'], locale: null } },
  }),
  ofIdentity(
    'view',
    {
      type: 'ViewCreated',
      data: {
        ...{ name: 'Hot deals', object: 'opportunity', filter: 'status = "open"', sort: '-amount.minor' },
        ...{ columns: ['name'], sharedWith: 'team', teamId: userId, isDefault: true, ownerId: userId },
      },
    },
    { type: 'ViewEdited', data: { set: { sharedWith: null, teamId: null } } },
    { type: 'ViewArchived', data: {} },
    { type: 'ViewRestored', data: {} },
    {
      type: 'ViewChangeUndone',
      data: {
        undone: { eventId: userId, type: 'ViewEdited', revision: 1 },
        set: { sharedWith: 'team', teamId: userId },
      },
    },
  ),
  ofIdentity(
    'notification',
    {
      type: 'NotificationRaised',
      data: {
        ...{ userId, kind: 'due', object: 'opportunity', recordId: passkeyId, what: 'OpportunityCameDue' },
        at: '2026-01-01T00:00:00.000Z',
      },
    },
    { type: 'NotificationMailed', data: {} },
    { type: 'NotificationRead', data: {} },
  ),
  ofIdentity('readMarks', { type: 'NotificationsRead', data: { upTo: '2026-01-01T00:00:00.000Z' } }),
  ofIdentity('namelessSecret', { type: 'SecretPlaced', data: { tenant: 'main', keyId: userId } }),
  ofIdentity(
    'administrators',
    { type: 'AdministratorAppointed', data: { userId } },
    { type: 'AdministratorDismissed', data: { userId } },
  ),
];
