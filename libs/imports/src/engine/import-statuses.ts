import { partsOf } from '@rapport/event-store';
import type { RecordedEvent } from '@rapport/kernel';
import type { ImportEvent } from '../domain/import.events.js';
import type { ImportKey } from './phase.js';

export interface ImportStatus {
  readonly key: ImportKey;
  readonly kind: string;
  /** Whether work on it is to be done. */
  isActive: boolean;
}

/** Which imports there are and whether they are on, from their events. */
export class ImportStatuses {
  private readonly imports = new Map<string, ImportStatus>();

  /** What an import is after an event; undefined when its beginning was never seen. */
  see({ stream, type, data }: RecordedEvent): ImportStatus | undefined {
    const { tenant, id } = partsOf(stream);
    const key = { tenant, id };
    const name = nameOf(key);
    const { kind } = data as { kind: string };
    if (type === 'ImportCreated') this.imports.set(name, { key, kind, isActive: false });
    const known = this.imports.get(name);
    if (known && !BESIDES.has(type)) known.isActive = BEGINNINGS.has(type);
    return known;
  }

  active(): readonly ImportStatus[] {
    return [...this.imports.values()].filter(({ isActive }) => isActive);
  }
}

const typesOf = (...types: readonly ImportEvent['type'][]): ReadonlySet<string> => new Set(types);

export const BEGINNINGS = typesOf('ImportValidationStarted', 'ImportStarted', 'ImportRevertStarted');
/** End work that is perhaps still on in another process. */
export const STOPS = typesOf('ImportCanceled', 'ImportFailed');

/** Neither begin a phase nor end one. */
const BESIDES = typesOf('ImportProgressed', 'ImportFileForgotten');

export const nameOf = ({ tenant, id }: ImportKey): string => `${tenant}/${id}`;
