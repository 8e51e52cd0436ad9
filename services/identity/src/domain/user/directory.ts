import type { UserState } from './user.js';

/** Who acts when a directory does. */
export const PROVISIONING = 'provisioning';

/** What a directory says of a user: attributes of SCIM by their names, as it gave them, but for what is Rapport's to know. */
export type DirectoryEntry = Readonly<Record<string, unknown>> & { readonly userName: string };

/** Undefined for a user who is kept by no directory, or was erased. */
export const directoryOf = (state: { readonly directory?: string } | UserState): DirectoryEntry | undefined =>
  state?.directory === undefined ? undefined : (JSON.parse(state.directory) as DirectoryEntry);
