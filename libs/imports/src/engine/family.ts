import type { Scope } from '@rapport/read-models';
import type { RowProblem } from '../domain/import-rows.events.js';
import type { OwnKind } from '../values/import-field.js';
import type { MappedColumn } from './mapped-columns.js';

/** Records whose parents are remembered. */
const MOST_PARENTS = 20_000;

/** A row's record, and what the row puts it under. */
export interface Placed {
  readonly id: string;
  readonly parent: string;
}

/**
 * Finds rows that would put a record under itself, however far up. Judged by what is so together with what the rows before
 * say, whether they are written by now or not, so that no order of writing makes a circle.
 */
export class Family {
  readonly #said = new Map<string, string>();
  readonly #known = new Map<string, string | undefined>();

  constructor(
    private readonly kind: OwnKind,
    readonly field: string,
    private readonly column: string,
    private readonly scope: Scope,
  ) {}

  /** That of the records that the columns are about; undefined where none of them puts a record under another. */
  static of(columns: readonly MappedColumn[], scope: Scope): Family | undefined {
    for (const { field, column } of columns)
      if (field.type === 'reference' && field.ownKind) return new Family(field.ownKind, field.name, column, scope);
    return undefined;
  }

  /** Looks up, a generation at a time, what {@link problemOf} has to know of records. */
  async know(placed: readonly Placed[]): Promise<void> {
    if (this.#known.size > MOST_PARENTS) this.#known.clear();
    let unknown = new Set(placed.map(({ parent }) => parent));
    while (unknown.size > 0) {
      const asked = [...unknown].filter((id) => !this.#known.has(id));
      const found = asked.length > 0 ? await this.kind.above(this.scope, asked) : new Map<string, string>();
      for (const id of asked) this.#known.set(id, found.get(id));
      unknown = new Set(asked.flatMap((id) => this.#parentsOf(id)).filter((id) => !this.#known.has(id)));
    }
  }

  /** In the order of the rows. A row that is fine counts for those that follow. */
  problemOf({ id, parent }: Placed): RowProblem | undefined {
    if (this.#isAbove(id, parent)) {
      const message =
        'The row puts this record under itself, directly or by others. Name another, or leave the cell empty.';
      return { column: this.column, code: 'under-itself', message };
    }
    this.#said.set(id, parent);
    return undefined;
  }

  #isAbove(id: string, from: string): boolean {
    const seen = new Set<string>();
    for (const next = [from]; next.length > 0;) {
      const at = next.pop()!;
      if (at === id) return true;
      if (seen.has(at)) continue;
      seen.add(at);
      next.push(...this.#parentsOf(at));
    }
    return false;
  }

  #parentsOf(id: string): readonly string[] {
    return [this.#known.get(id), this.#said.get(id)].filter((parent) => parent !== undefined);
  }
}
