import { isVisible } from '@rapport/kernel';
import { isTimeZone } from '../domain/time-zone.js';
import type { DirectoryEntry } from '../domain/user/directory.js';
import type { UserChange } from '../domain/user/user.js';
import type { Resource } from './protocol/attribute.js';
import { invalid } from './protocol/scim-error.js';

const LOCALE = /^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$/;
const ADDRESS = /^[^\s@]{1,64}@[^\s@]{1,255}$/;
const LONGEST_ENTRY = 50_000;

/** What Rapport calls what a directory says of a user; the rest of it is kept as it is. */
export const userFieldsOf = (resource: Resource): UserChange & { readonly name: string } => {
  const entry = resource as DirectoryEntry;
  const directory = JSON.stringify(entry);
  if (directory.length > LONGEST_ENTRY) throw invalid('invalidValue', 'This is more than is kept of one user.');
  const { locale, timezone } = entry as { locale?: string; timezone?: string };
  return {
    ...{ name: nameOf(entry), email: emailOf(entry) ?? null, externalId: short(entry['externalId'], 200), directory },
    // A preference of the user's own otherwise.
    ...(locale !== undefined && locale.length <= 35 && LOCALE.test(locale) && { locale }),
    ...(timezone !== undefined && isTimeZone(timezone) && { timeZone: timezone }),
  };
};

const nameOf = (entry: DirectoryEntry): string => {
  const { formatted, givenName, familyName } = (entry['name'] ?? {}) as Readonly<Record<string, string>>;
  const inFull = [givenName, familyName].filter(Boolean).join(' ');
  const names = [entry['displayName'] as string | undefined, formatted, inFull, entry.userName];
  return names.find((name) => name !== undefined && isVisible(name))!.slice(0, 300);
};

/** The primary one, else that of work, else the first; where there is none, the name that the directory has. */
const emailOf = (entry: DirectoryEntry): string | undefined => {
  const emails = (entry['emails'] ?? []) as readonly { value?: string; type?: string; primary?: boolean }[];
  const chosen = emails.find(({ primary }) => primary) ?? emails.find(({ type }) => type === 'work') ?? emails[0];
  const address = chosen?.value ?? entry.userName;
  return ADDRESS.test(address) ? address : undefined;
};

const short = (value: unknown, longest: number): string | null =>
  typeof value === 'string' && value.length <= longest ? value : null;
