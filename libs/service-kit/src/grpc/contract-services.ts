import * as contracts from '@rapport/contracts';
import {
  accessV1,
  auditV1,
  eventsV1,
  identityV1,
  importsV1,
  operationsV1,
  privacyV1,
  searchV1,
  workspaceV1,
} from '@rapport/contracts';

/** Messages of the contract as generated code has them. */
export interface MessageType {
  encode(message: never): { finish(): Uint8Array };
  decode(bytes: Uint8Array): object;
}

export interface ContractMethod {
  /** As the contract writes it: `CreateContact`. */
  readonly name: string;
  readonly requestType: MessageType;
  readonly responseType: MessageType;
}

export interface ContractService {
  /** `rapport.contacts.v1.ContactsService` */
  readonly fullName: string;
  /** By their names in camelCase. */
  readonly methods: Readonly<Record<string, ContractMethod>>;
}

const isService = (exported: unknown): exported is ContractService =>
  typeof exported === 'object' && exported !== null && 'fullName' in exported && 'methods' in exported;

/** Every service of the contract, by its full name. */
export const contractServices: ReadonlyMap<string, ContractService> = new Map(
  Object.values(contracts)
    .flatMap((part) => Object.values(part as object) as unknown[])
    .filter(isService)
    .map((service) => [service.fullName, service]),
);

/** What a context serves beside its own services: its part of what is one service to the gateway's callers. */
const OF_EVERY_CONTEXT: ReadonlySet<string> = new Set([
  eventsV1.ContextEventsServiceDefinition.fullName,
  operationsV1.OperationsServiceDefinition.fullName,
  importsV1.ImportsServiceDefinition.fullName,
  auditV1.AuditServiceDefinition.fullName,
  privacyV1.ContextPeopleServiceDefinition.fullName,
  privacyV1.RetentionServiceDefinition.fullName,
  workspaceV1.WorkspaceExportsServiceDefinition.fullName,
  accessV1.SightServiceDefinition.fullName,
  searchV1.ContextSearchServiceDefinition.fullName,
]);

/** What a context serves of a package that is not called as it is. */
const OF_ONE_CONTEXT: Readonly<Record<string, string>> = {
  [accessV1.AccessTokensServiceDefinition.fullName]: 'identity',
  [workspaceV1.WorkspaceDeletionsServiceDefinition.fullName]: 'identity',
  [workspaceV1.WorkspaceReceiptsServiceDefinition.fullName]: 'identity',
};

/** What is of a context's package and is answered by the gateway, which asks other contexts too. */
const OF_THE_GATEWAY: ReadonlySet<string> = new Set([identityV1.NotificationsServiceDefinition.fullName]);

/** The services that a context serves by its contract: `contacts` has those of `rapport.contacts.v1`. */
export const servicesOf = (context: string): readonly ContractService[] =>
  [...contractServices.values()].filter(
    ({ fullName }) =>
      (fullName.startsWith(`rapport.${context}.`) && !OF_THE_GATEWAY.has(fullName)) ||
      OF_EVERY_CONTEXT.has(fullName) ||
      OF_ONE_CONTEXT[fullName] === context,
  );
