import type { DynamicModule } from '@nestjs/common';
import { contactsV1, importsV1 } from '@rapport/contracts';
import { endOfShares } from '@rapport/kernel';
import {
  importCatalogue,
  importErasures,
  importProjections,
  importPurposes,
  notifyImporters,
  IMPORT_ENGINE,
  IMPORTS_API,
  personalImportFields,
  provideImports,
  stopImportsOfLeavers,
} from '@rapport/imports';
import {
  completeMerges,
  defineService,
  type Engines,
  erasure,
  erasureFacts,
  erasurePublishes,
  erasureReactions,
  handOver,
  notifyOwners,
  openCircles,
  provideMerges,
  providePersonErasure,
  RUNTIME,
  serve,
  serviceModule,
  type ServiceRuntime,
} from '@rapport/service-kit';
import { ActivitiesApi } from './activities/activities.api.js';
import { RelatedRecords } from './activities/related-records.js';
import { AccountsApi } from './api/accounts.api.js';
import { ContactsApi } from './api/contacts.api.js';
import { FieldsApi } from './api/fields.api.js';
import { ConsentLinksApi } from './consents/consent-links.api.js';
import { ConsentsApi } from './consents/consents.api.js';
import { expiredProofs, purgeExpiredProofs } from './consents/expired-proofs.js';
import { ConsentLedger } from './consents/ledger.js';
import { ConsentStandings } from './consents/standings.js';
import { DecidedPairs } from './duplicates/decided-pairs.js';
import { DuplicatesApi } from './duplicates/duplicates.api.js';
import { DuplicateQueue } from './duplicates/duplicate-queue.js';
import { FoundPairs } from './duplicates/found-pairs.js';
import { LikelyDuplicates } from './duplicates/likely-duplicates.js';
import { LookAlikes } from './duplicates/look-alikes.js';
import { duplicateScan } from './domain/duplicate-scan/duplicate-scan.js';
import { duplicate } from './domain/duplicate/duplicate.js';
import { findOrCreateAccount } from './commands/find-or-create-account.js';
import { reminder } from './domain/activity/activity.timers.js';
import { consentLetter } from './domain/consent/consent-letter.js';
import { endOfProof } from './domain/consent/consent.js';
import { alias } from './domain/alias/alias.js';
import { ACCOUNT_MERGE } from './domain/account/account.js';
import { CONTACT_MERGE } from './domain/contact/contact.js';
import { suppression } from './domain/suppression/suppression.js';
import { importKinds } from './imports/import-kinds.js';
import { FormsApi } from './forms/forms.api.js';
import { Submissions } from './forms/submissions.js';
import { Assignments } from './leads/assignments.js';
import { ConversionTargets } from './leads/conversion-targets.js';
import { Conversions } from './leads/conversions.js';
import { OpportunitiesOfLeads } from './leads/opportunities-of-leads.js';
import { LeadsApi } from './leads/leads.api.js';
import { followingRelations } from './merges/following-relations.js';
import { TO_ACCOUNTS, TO_CONTACTS } from './merges/relations.js';
import { ContactMerges } from './merges/contact-merges.js';
import { findDuplicates } from './reactions/find-duplicates.js';
import { keepAliases } from './reactions/keep-aliases.js';
import { mailConsentLetters } from './reactions/mail-consent-letters.js';
import { completeConversions, takeBackRefused } from './reactions/complete-conversions.js';
import { forgetLeadsOfErased } from './reactions/forget-leads-of-erased.js';
import { makeNextTask } from './reactions/make-next-task.js';
import { notifyMentioned } from './reactions/notify-mentioned.js';
import { notifyOfReminders } from './reactions/notify-of-reminders.js';
import { scanAfterImports, scanDuplicates } from './reactions/scan-duplicates.js';
import { accounts } from './records/accounts.js';
import { activities } from './records/activities.js';
import { aliasPublishes } from './records/aliases.js';
import { consentPublishes, consents } from './records/consents.js';
import { contacts } from './records/contacts.js';
import { duplicates } from './records/duplicates.js';
import { fields } from './records/fields.js';
import { forms } from './records/forms.js';
import { leads } from './records/leads.js';
import { notedSuppressions } from './suppression/noted-addresses.js';
import { Suppressions } from './suppression/suppressions.js';
import { heardOpportunities } from './timeline/heard-opportunities.js';
import { timeline } from './timeline/timeline.js';
import { TimelinesApi } from './timeline/timelines.api.js';

/** People and companies: everything this service does, by name. */
export const contactsService = defineService({
  context: 'contacts',
  aggregates: {
    contact: serve(contacts, { api: ContactsApi, claims: Suppressions }),
    account: serve(accounts, { api: AccountsApi }),
    activity: serve(activities, { api: ActivitiesApi }),
    alias,
    consent: consents.decider,
    erasure,
    field: serve(fields, { api: FieldsApi }),
    form: serve(forms, { api: FormsApi }),
    lead: serve(leads, { api: LeadsApi, claims: Suppressions }),
  },
  catalogue: [...importCatalogue, suppression, duplicate, duplicateScan, consentLetter],
  audited: {
    suppression: 'all',
    contact: [
      'ContactHoldPlaced',
      'ContactHoldLifted',
      'ContactProcessingRestricted',
      'ContactRestrictionLifted',
      'ContactRectified',
    ],
    lead: ['LeadHoldPlaced', 'LeadHoldLifted', 'LeadProcessingRestricted', 'LeadRestrictionLifted', 'LeadRectified'],
  },
  timers: [
    endOfShares(contacts.decider),
    endOfShares(accounts.decider),
    endOfShares(activities.decider),
    endOfShares(leads.decider),
    endOfProof,
    reminder,
  ],
  personal: {
    ...personalImportFields,
    // Who asked, and why, is about the person too.
    contact: [...contacts.personal, 'rectification'],
    lead: [...leads.personal, 'rectification', 'opportunity'],
    consent: consents.personal,
    [consentLetter.aggregate]: ['token'],
    suppression: [{ name: 'kind', about: 'secret' }],
  },
  purposes: {
    ...importPurposes,
    contact: 'To deal with this person, for the company or as a customer',
    lead: 'To find out whether this person becomes a customer',
    activity: 'To know what was done and said with this person, and what is to be done',
    suppression: 'Not to bring in again who was erased',
    [consentLetter.aggregate]: 'To ask an address whether it was its owner who gave it',
    consent: 'To respect whether this person may be written to or called, and to prove it',
  },
  erasures: [...erasureFacts(contacts, leads), expiredProofs, ...importErasures],
  noted: notedSuppressions,
  projections: [consents.projection, duplicates, heardOpportunities, timeline, ...importProjections],
  publishes: { ...erasurePublishes, ...consentPublishes, ...aliasPublishes },
  listens: { identity: ['tenant', 'user'], sales: ['opportunity'] },
  serves: (provided) => ({
    FindOrCreateAccount: findOrCreateAccount(provided),
    ...handOver(provided, [contacts, accounts, activities, leads]),
  }),
  asks: ['identity', 'sales'],
  reactions: (engines, provided) => [
    ...erasureReactions(provided),
    completeMerges(contacts, provided),
    completeMerges(accounts, provided),
    keepAliases(provided),
    completeConversions(provided),
    takeBackRefused(provided),
    forgetLeadsOfErased(provided),
    openCircles(accounts, 'parentId', provided),
    purgeExpiredProofs(provided),
    mailConsentLetters(engines, provided),
    notifyOwners([contacts, accounts, activities, leads], provided),
    notifyOfReminders(provided),
    notifyMentioned(provided),
    makeNextTask(provided),
    findDuplicates(provided),
    scanDuplicates(provided),
    scanAfterImports(provided),
    notifyImporters(provided),
    stopImportsOfLeavers(provided),
  ],
});

export const contactsModule = (engines: Engines): DynamicModule =>
  serviceModule(contactsService, engines, {
    handlers: {
      [contactsV1.ConsentsServiceDefinition.fullName]: ConsentsApi,
      [contactsV1.ConsentLinksServiceDefinition.fullName]: ConsentLinksApi,
      [contactsV1.DuplicatesServiceDefinition.fullName]: DuplicatesApi,
      [contactsV1.TimelinesServiceDefinition.fullName]: TimelinesApi,
      [importsV1.ImportsServiceDefinition.fullName]: IMPORTS_API,
    },
    providers: [
      RelatedRecords,
      ConsentLedger,
      ConsentStandings,
      Suppressions,
      DecidedPairs,
      FoundPairs,
      DuplicateQueue,
      LikelyDuplicates,
      LookAlikes,
      provideMerges(contacts, CONTACT_MERGE, (_, commands) =>
        followingRelations(contacts.decider, TO_CONTACTS, commands),
      ),
      provideMerges(accounts, ACCOUNT_MERGE, (_, commands) =>
        followingRelations(accounts.decider, TO_ACCOUNTS, commands),
      ),
      ContactMerges,
      Assignments,
      Submissions,
      ConsentLinksApi,
      ConversionTargets,
      OpportunitiesOfLeads,
      Conversions,
      providePersonErasure([contacts, leads], IMPORT_ENGINE, Suppressions),
      ...provideImports(
        (parts, runtime: ServiceRuntime, suppressions: Suppressions) => importKinds(runtime, parts, suppressions),
        [RUNTIME, Suppressions],
      ),
    ],
  });
