import { everythingOf } from '@rapport/access';
import { DomainError, systemClock } from '@rapport/kernel';
import { isActive } from '../domain/import-state.js';
import { callOf } from './commands.js';
import type { ImportDocument } from './import-documents.js';
import type { ImportLog } from './import-log.js';
import type { ImportParts } from './import-parts.js';
import type { ImportKey } from './phase.js';

const PAGE = 200;
const GIB = 1024 ** 3;
const QUOTA = 20 * GIB;
const KEPT_MILLISECONDS = 90 * 24 * 3_600_000;
const REACH_MILLISECONDS = 2_000;

/** The uploaded files of a tenant: how much may be kept, how long, and how one is removed. */
export class Uploads {
  /** Bytes of each tenant, as counted last and with what this process has taken since. */
  readonly #kept = new Map<string, number>();

  constructor(
    private readonly parts: ImportParts,
    private readonly log: ImportLog,
  ) {}

  /**
   * Before a piece is taken. With the first of a file, what nobody has touched for 90 days is removed.
   * @throws DomainError `upload-quota` where the tenant keeps as much as it may
   */
  async admit(tenant: string, { offset, data }: { readonly offset: number; readonly data: Uint8Array }): Promise<void> {
    const { uploadQuota = QUOTA } = this.parts;
    const known = offset === 0 ? undefined : this.#kept.get(tenant);
    // Counted once more before a refusal: something may have been removed.
    const kept = known === undefined || known + data.length > uploadQuota ? await this.#count(tenant) : known;
    this.#kept.set(tenant, kept);
    if (kept + data.length > uploadQuota) throw overQuota(kept, uploadQuota);
    this.#kept.set(tenant, kept + data.length);
  }

  /**
   * Removes a file for good, or what has arrived of it: its failed rows can no longer be downloaded. The import's outcome
   * and its revert do not need it.
   * @throws DomainError `import-busy` while its rows are being read
   */
  async remove({ tenant, id, state }: ImportDocument): Promise<void> {
    if (!state.file) return this.parts.files.remove({ tenant, id });
    if (isActive(state.status)) {
      const message = `The file is needed while the import is ${state.status}. Wait for it, or cancel it.`;
      throw new DomainError('conflict', 'import-busy', message);
    }
    await this.forget({ tenant, id });
  }

  /** Like {@link remove}, for example because a person in it is erased: an import that is still on fails. */
  async forget(key: ImportKey): Promise<void> {
    await this.log.execute(key.id, 'forgetFile', {}, callOf(key.tenant, key.id));
    await this.parts.files.forget(key, this.#now().toISOString());
  }

  async #count(tenant: string): Promise<number> {
    const { events, imports } = this.parts;
    // A list that is far behind holds nobody up: it is counted as it is.
    await imports.reach(await events.end(), REACH_MILLISECONDS).catch(() => undefined);
    let kept = 0;
    for await (const document of this.#all(tenant))
      if (!(await this.#isExpired(document))) kept += await this.#bytes(document);
    return kept;
  }

  /** Whether it has just been removed because nobody has touched it for long. */
  async #isExpired(document: ImportDocument): Promise<boolean> {
    const { updatedAt, state } = document;
    if (this.#now().getTime() - Date.parse(updatedAt) < KEPT_MILLISECONDS || isActive(state.status)) return false;
    if (!state.forgotten) await this.remove(document);
    return true;
  }

  async #bytes({ tenant, id, state }: ImportDocument): Promise<number> {
    if (state.forgotten) return 0;
    return state.file ? state.file.bytes : this.parts.files.kept({ tenant, id });
  }

  async *#all(tenant: string): AsyncGenerator<ImportDocument, void, undefined> {
    const scope = everythingOf(tenant);
    for (let cursor: string | undefined, isFirst = true; isFirst || cursor !== undefined; isFirst = false) {
      const page = await this.parts.imports.documents.query(scope, { limit: PAGE, ...(cursor ? { cursor } : {}) });
      yield* page.documents;
      cursor = page.next;
    }
  }

  #now(): Date {
    return (this.parts.clock ?? systemClock).now();
  }
}

const overQuota = (kept: number, quota: number): DomainError => {
  const message =
    `The files of earlier imports have ${kept.toLocaleString('en')} bytes; ${quota.toLocaleString('en')} may be kept. ` +
    'Remove some first: DELETE /v1/imports/{kind}/{id}/file.';
  return new DomainError('too-large', 'upload-quota', message);
};
