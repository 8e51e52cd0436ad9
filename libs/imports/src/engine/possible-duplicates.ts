import type { RowValues } from '../values/import-field.js';
import type { ImportContext, ImportKind } from './import-kind.js';

/** Things in common whose records are remembered. */
const MOST_REMEMBERED = 20_000;

/** For rows without a key: records that look like them and that the import did not create itself. */
export class PossibleDuplicates {
  readonly #known = new Map<string, readonly string[]>();

  constructor(
    private readonly kind: Pick<ImportKind, 'similar' | 'target'>,
    private readonly context: ImportContext,
  ) {}

  /** Ids for each row, in order. */
  async of(rows: readonly RowValues[]): Promise<readonly (readonly string[])[]> {
    const common = rows.map((row) => this.kind.similar?.by(row));
    await this.#look(common);
    return common.map((key) => (key === undefined ? [] : this.#known.get(key)!));
  }

  async #look(common: readonly (string | undefined)[]): Promise<void> {
    const asked = new Set(common.filter((key) => key !== undefined));
    if (this.#known.size > MOST_REMEMBERED) this.#known.clear();
    for (const key of this.#known.keys()) asked.delete(key);
    if (asked.size === 0) return;
    const found = await this.kind.similar!.find(this.context.scope, [...asked]);
    for (const key of asked) this.#known.set(key, await this.#others(found.get(key) ?? []));
  }

  async #others(ids: readonly string[]): Promise<readonly string[]> {
    const { scope, importId } = this.context;
    const others: string[] = [];
    for (const id of ids) if (!(await this.kind.target.isFrom(scope.tenant, importId, id))) others.push(id);
    return others;
  }
}
