import type { DynamicModule } from '@nestjs/common';
import { accessV1, identityV1, workspaceV1 } from '@rapport/contracts';
import {
  defineService,
  deletionDue,
  type Engines,
  erasure,
  erasureFacts,
  erasurePublishes,
  erasureReactions,
  openCircles,
  type FilesAboutPeople,
  providePersonErasure,
  serve,
  serviceModule,
} from '@rapport/service-kit';
import { AccessTokensApi } from './access/keys/access-tokens.api.js';
import { ApiKeysApi } from './access/keys/api-keys.api.js';
import { CredentialsApi } from './access/credentials.api.js';
import { KeyCredentials } from './access/keys/key-credentials.js';
import { Keys } from './access/keys/keys.js';
import { NamelessSecrets } from './access/keys/nameless-secrets.js';
import { type DomainNames, systemDomainNames } from './access/providers/domain-names.js';
import { DOMAIN_NAMES, DomainsApi } from './access/providers/domains.api.js';
import { Failures } from './access/sign-in/failures.js';
import { Passkeys } from './access/passkeys/passkeys.js';
import { PasskeysApi } from './access/passkeys/passkeys.api.js';
import { ProvidedSignIns } from './access/providers/provided-sign-ins.js';
import { SignInProvidersApi } from './access/providers/sign-in-providers.api.js';
import { AnsweredAddresses } from './access/providers/answered-addresses.js';
import { PasswordResets } from './access/sign-in/password-resets.js';
import { WaysIn } from './access/sign-in/ways-in.js';
import { TenantStreams } from './access/tenant-stream.js';
import { askForParts } from './handover/handover-parts.js';
import { HandoversApi } from './handover/handovers.api.js';
import { SecondFactorApi } from './access/second-factor/second-factor.api.js';
import { SecondFactors } from './access/second-factor/second-factors.js';
import { SessionsApi } from './access/sessions/sessions.api.js';
import { Sessions } from './access/sessions/sessions.js';
import { SignIns } from './access/sign-in/sign-ins.js';
import { UserRights } from './access/rights.js';
import { RolesApi } from './api/roles.api.js';
import { TenantApi } from './api/tenant.api.js';
import { PreferencesApi } from './api/preferences.api.js';
import { ViewsApi } from './api/views.api.js';
import { UsersApi } from './api/users.api.js';
import { AdministratorClaims } from './claims/administrator-claims.js';
import { KeyClaims } from './claims/key-claims.js';
import { TeamClaims } from './claims/team-claims.js';
import { UserClaims } from './claims/user-claims.js';
import { apiKey } from './domain/api-key/api-key.js';
import { handover } from './domain/handover/handover.js';
import { notification } from './domain/notification/notification.js';
import { readMarks } from './domain/notification/read-marks.js';
import { preferences } from './domain/preferences/preferences.js';
import { view } from './domain/view/view.js';
import { administrators } from './domain/administrators/administrators.js';
import { namelessSecret } from './domain/nameless-secret/nameless-secret.js';
import { email } from './domain/email/email.js';
import { subject } from './domain/email/subject.js';
import { userName } from './domain/email/user-name.js';
import { domains } from './domain/provider/domains.js';
import { providers } from './domain/provider/providers.js';
import { session } from './domain/session/session.js';
import { signIn } from './domain/sign-in/sign-in.js';
import { apiKeyList } from './read-models/api-key-list.js';
import { notificationList } from './read-models/notification-list.js';
import { sessionList } from './read-models/session-list.js';
import { makeUsersOfRepresentatives } from './reactions/make-users-of-representatives.js';
import { followBuiltInRoles } from './reactions/follow-built-in-roles.js';
import { mailNotifications } from './reactions/mail-notifications.js';
import { tellOfNewAddresses, tellOfNewDevices, tellOfWaysIn } from './reactions/tell-of-ways-in.js';
import { mailSignInLinks } from './reactions/mail-sign-in-links.js';
import { roles } from './records/roles.js';
import { teams } from './records/teams.js';
import { tenants } from './records/tenant.js';
import { users } from './records/users.js';
import { views } from './records/views.js';
import { Directory } from './scim/directory.js';
import { ScimGroups } from './scim/scim-groups.js';
import { ScimRouter } from './scim/scim-router.js';
import { ScimUsers } from './scim/scim-users.js';
import { ScimApi } from './scim/scim.api.js';
import { NotificationsApi } from './notifications/notifications.api.js';
import { Notifications } from './notifications/notifications.js';
import { notifyCommand } from './notifications/notify-command.js';
import { TenantOpening } from './tenant-opening.js';
import { deletionCourse } from './workspace/deletion-course.js';
import { deletionReceipts } from './workspace/deletion-receipts.js';
import { WorkspaceDeletionsApi } from './workspace/workspace-deletions.api.js';
import { WorkspaceReceiptsApi } from './workspace/workspace-receipts.api.js';

/** Who works with Rapport, in which teams, and what they may do: everything this service does, by name. */
export const identityService = defineService({
  context: 'identity',
  aggregates: {
    tenant: tenants.decider,
    user: serve(users, { api: UsersApi, claims: UserClaims }),
    team: serve(teams, { claims: TeamClaims }),
    role: serve(roles, { api: RolesApi }),
    erasure,
  },
  catalogue: [
    ...[email, userName, subject, providers, domains, administrators, apiKey],
    ...[session, signIn, namelessSecret, handover, preferences, view],
    ...[notification, readMarks],
  ],
  // Who may come in, and what they may do then.
  audited: {
    ...{ role: 'all', user: 'all', team: 'all', tenant: 'all', signIn: 'all', administrators: 'all', handover: 'all' },
    ...{ providers: 'all', domains: 'all' },
    apiKey: ['ApiKeyIssued', 'ApiKeyRotated', 'ApiKeyRevoked'],
    session: ['SessionClosed'],
    // Once it is released, the trail ends.
    deletion: [
      'WorkspaceDeletionRequested',
      'WorkspaceDeletionCancelled',
      'WorkspaceDeletionBegun',
      'WorkspaceDeletionStopped',
    ],
  },
  // The user's own key seals it: with the person goes the way in.
  personal: {
    // Who asked for something to be put right, and why, is about the person too.
    user: [...users.personal, 'rectification'],
    [signIn.aggregate]: ['hash', 'secret', 'credentialId', 'publicKey', 'name'],
    [session.aggregate]: [{ name: 'device', about: 'userId' }],
    [providers.aggregate]: ['clientSecret'],
  },
  purposes: {
    ...{ user: 'To let this person work with Rapport', [signIn.aggregate]: 'To know who comes in' },
    [providers.aggregate]: 'To ask a provider who comes in',
    [session.aggregate]: 'To know who comes in',
  },
  erasures: erasureFacts(users),
  projections: [tenants.projection, views.projection, apiKeyList, sessionList, notificationList, deletionReceipts],
  timers: [deletionDue],
  publishes: { ...tenants.publishes, ...erasurePublishes },
  listens: { sales: ['representative'] },
  asks: ['contacts', 'sales'],
  serves: notifyCommand,
  reactions: (engines, provided) => [
    ...erasureReactions(provided),
    openCircles(teams, 'parentId', provided),
    askForParts(provided),
    mailSignInLinks(engines, provided),
    mailNotifications(engines, provided),
    followBuiltInRoles(provided),
    makeUsersOfRepresentatives(provided),
    tellOfWaysIn(provided),
    tellOfNewAddresses(provided),
    tellOfNewDevices(provided),
    ...deletionCourse(provided),
  ],
});

/** People come in one by one: there are no files that name them. */
const NO_FILES = Symbol('no files');
const noFiles: FilesAboutPeople = { importsNaming: async () => [], forgetFile: async () => undefined };

const doors = [
  SignIns,
  Failures,
  SecondFactors,
  Passkeys,
  TenantStreams,
  ProvidedSignIns,
  WaysIn,
  PasswordResets,
  AnsweredAddresses,
];
const provisioning = [Directory, ScimUsers, ScimGroups, ScimRouter];

export const identityModule = (
  engines: Engines,
  { domainNames = systemDomainNames }: { readonly domainNames?: DomainNames } = {},
): DynamicModule =>
  serviceModule(identityService, engines, {
    handlers: {
      [identityV1.TenantServiceDefinition.fullName]: TenantApi,
      [accessV1.AccessTokensServiceDefinition.fullName]: AccessTokensApi,
      [identityV1.ApiKeysServiceDefinition.fullName]: ApiKeysApi,
      [identityV1.HandoversServiceDefinition.fullName]: HandoversApi,
      [identityV1.PreferencesServiceDefinition.fullName]: PreferencesApi,
      [identityV1.ViewsServiceDefinition.fullName]: ViewsApi,
      [identityV1.CredentialsServiceDefinition.fullName]: CredentialsApi,
      [identityV1.SessionsServiceDefinition.fullName]: SessionsApi,
      [identityV1.SecondFactorServiceDefinition.fullName]: SecondFactorApi,
      [identityV1.PasskeysServiceDefinition.fullName]: PasskeysApi,
      [identityV1.ContextNotificationsServiceDefinition.fullName]: NotificationsApi,
      [identityV1.ScimServiceDefinition.fullName]: ScimApi,
      [identityV1.SignInProvidersServiceDefinition.fullName]: SignInProvidersApi,
      [identityV1.DomainsServiceDefinition.fullName]: DomainsApi,
      [workspaceV1.WorkspaceDeletionsServiceDefinition.fullName]: WorkspaceDeletionsApi,
      [workspaceV1.WorkspaceReceiptsServiceDefinition.fullName]: WorkspaceReceiptsApi,
    },
    providers: [
      { provide: NO_FILES, useValue: noFiles },
      providePersonErasure(users, NO_FILES),
      TenantOpening,
      KeyClaims,
      AdministratorClaims,
      UserRights,
      Keys,
      KeyCredentials,
      NamelessSecrets,
      Sessions,
      Notifications,
      { provide: DOMAIN_NAMES, useValue: domainNames },
      ...doors,
      ...provisioning,
    ],
  });
