import { contexts } from '@rapport/contexts';
import type { Action, Grant } from '@rapport/kernel';

/** Rights on the installation: no grant of a tenant gives them. */
const onInstallation: ReadonlySet<string> = new Set(['operations.write', 'credentials.read', 'audit.note']);

/** The area of a kind of record is its context; these are of none. */
const OF_NO_CONTEXT: Readonly<Record<string, string>> = {
  import: 'imports',
  event: 'events',
  report: 'sales',
  apiKey: 'access',
  operation: 'operations',
  auditEntry: 'audit',
  consent: 'consents',
  provisioning: 'provisioning',
};

const ofContexts = contexts.flatMap(({ name, aggregates }) => aggregates.map((object) => [object, name] as const));

const areas: ReadonlyMap<string, string> = new Map([...ofContexts, ...Object.entries(OF_NO_CONTEXT)]);

/** What rows of files may become. */
const importable: ReadonlySet<string> = new Set(['*', ...ofContexts.map(([object]) => object)]);

/**
 * A key for somebody else is a way in as that one; how far followers are, and the trail, tell of everybody's records; a directory
 * keeps everybody.
 */
const ofTheWhole: ReadonlySet<string> = new Set(['access', 'operations', 'audit', 'provisioning', 'workspace']);

const deeds: Readonly<Record<Action, 'read' | 'write' | undefined>> = {
  read: 'read',
  export: 'read',
  create: 'write',
  edit: 'write',
  delete: 'write',
  transfer: 'write',
  share: 'write',
  // Permissions of their own.
  import: undefined,
  erase: undefined,
};

/** Of the consent ledger, which nobody edits: to record that somebody withdraws is less than to record that somebody grants. */
const deedsOfConsents: Partial<Record<Action, string>> = {
  read: 'read',
  export: 'read',
  create: 'write',
  edit: 'withdraw',
};

/**
 * Whether grants let somebody call what asks for a permission, `<area>.<deed>`: at all, that is, for at least one record of
 * one kind. For which of them is judged record by record.
 */
export const givesPermission = (grants: readonly Grant[], permission: string): boolean => {
  if (onInstallation.has(permission)) return false;
  const [area = '', deed = ''] = permission.split('.');
  return grants.some((grant) => grant.scope !== 'none' && covers(grant, area, deed));
};

const covers = ({ object, action, scope }: Grant, area: string, deed: string): boolean => {
  if (ofTheWhole.has(area) && scope !== 'all') return false;
  if (area === 'privacy') return action === deed;
  // It tells of everything that others did: whoever may look at all records may not look at that, unless it is said.
  if (area === 'audit' && object === '*' && action !== '*') return false;
  if (area === 'imports' && importable.has(object) && (action === 'import' || action === '*')) return true;
  if (object !== '*' && areas.get(object) !== area) return false;
  return action === '*' || (area === 'consents' ? deedsOfConsents : deeds)[action] === deed;
};
