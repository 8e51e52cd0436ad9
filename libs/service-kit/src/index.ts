import 'reflect-metadata';

export { type AuditTrailChained, auditChainCatalogue } from './audit/audit-chain.js';
export { auditEntry, type AuditEntryEvent } from './audit/audit-entry.js';
export type { Audited } from './audit/audited.js';
export { auditEntries } from './audit/audit-entries.js';
export { note } from './audit/notes.js';
export { appendExactly } from './commands/append-exactly.js';
export * from './commands/command-identity.js';
export * from './commands/run-command.js';
export { type NothingChanged, unchangedCatalogue } from './commands/unchanged.js';
export * from './consistency.js';
export * from './contract/comments.js';
export * from './contract/contract-messages.js';
export * from './contract/contract-types.js';
export * from './contract/message-shape.js';
export * from './contract/options.js';
export * from './engines.js';
export * from './erasure/erasure.events.js';
export { erasure } from './erasure/erasure.js';
export { erasureFacts, erasurePublishes } from './erasure/erasure-facts.js';
export { Erasures } from './erasure/erasures.js';
export type { NotedFacts } from './erasure/noted-facts.js';
export type { FilesAboutPeople } from './erasure/part.js';
export type { LostKeys } from './erasure/lost-keys.js';
export {
  type BeforeErasure,
  erasureReactions,
  type ErasureTold,
  PERSON_ERASURE,
  type PersonErasure,
  providePersonErasure,
} from './erasure/person-erasure.js';
export * from './feed/context-events.js';
export { CustomPart } from './custom/custom-part.js';
export { FieldBook } from './custom/field-book.js';
export { contractServices } from './grpc/contract-services.js';
export * from './grpc/grpc-backend.js';
export * from './grpc/signed-principal.js';
export * from './grpc/start-grpc-service.js';
export { targetOf } from './grpc/target.js';
export * from './handlers.js';
export { NOTIFY, type Notice, noticeIn, notify } from './notices/notify.js';
export { notifyOwners } from './notices/notify-owners.js';
export { leadsOf, widened } from './merges/aliases.js';
export { type CameSince, MergeCalls, refusedRelation, type UnmergeRequest } from './merges/merge-calls.js';
export { type FollowingRelations, Merges } from './merges/merges.js';
export { completeMerges, mergesOf, provideMerges } from './merges/provide-merges.js';
export { everyIdOf, survivorOf, survivorsOf } from './merges/merged-records.js';
export * from './problem.js';
export { retention, type RetentionEvent } from './retention/retention.js';
export * from './records/as-of.js';
export * from './records/batch.js';
export type { Change, Claims, Outcome } from './records/claims.js';
export * from './records/define-record.js';
export * from './records/fields.js';
export { handOver } from './records/hand-over.js';
export * from './records/history.js';
export * from './records/list-query.js';
export { owned, Permit } from './records/permit.js';
export * from './records/record-definition.js';
export * from './records/record-document.js';
export * from './records/record-fields.js';
export { openCircles } from './records/open-circles.js';
export type { RecordApi } from './records/record-handlers.js';
export * from './records/records.js';
export { Protecting, withoutReasons } from './records/protecting.js';
export { type ListOf, References } from './records/references.js';
export { untilHeard } from './records/record-pages.js';
export { noteReaders } from './records/readers.js';
export * from './schemas/closest-name.js';
export { fieldSchema } from './schemas/field-schema.js';
export { formats } from './schemas/formats.js';
export type { JsonSchema } from './schemas/json-schema.js';
export * from './schemas/message-schema.js';
export * from './schemas/request-schema.js';
export * from './schemas/update-envelope.js';
export * from './schemas/validation.js';
export type { SearchDefinition, SearchedRecord } from './search/searched-record.js';
export * from './service/define-service.js';
export { sourceOf } from './service/neighbours.js';
export * from './service/personal-fields.js';
export * from './service/publish-record.js';
export { type Dependency, needed, type ReadinessPart, type ReadinessReport } from './service/readiness.js';
export { serve } from './service/serve-record.js';
export type { AnyImport, AnyRecord, AnySynonyms, ServedRecord } from './service/served-record.js';
export * from './service/service-definition.js';
export * from './service/service-module.js';
export * from './service/service-runtime.js';
export * from './service/start-service.js';
export * from './service/tokens.js';
export { workspaceExport, type WorkspaceExportEvent } from './workspace/workspace-export.js';
export { answerPrefixes, awaitedBy } from './workspace/deletion/deletion-facts.js';
export { DeletionLog } from './workspace/deletion/deletion-log.js';
export * from './workspace/deletion/deletion.events.js';
export {
  type Deletion,
  deletion,
  DELETION,
  deletionDue,
  type DeletionState,
  isClosed,
} from './workspace/deletion/deletion.js';
