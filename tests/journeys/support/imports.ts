import type { Api, Fields, List } from './api.js';
import { eventually } from './eventually.js';

export type ImportKind = string;

export interface ImportView {
  readonly id: string;
  readonly kind: ImportKind;
  readonly state: string;
  readonly columns?: readonly { readonly name: string; readonly suggestedField?: string; readonly field?: string }[];
  readonly counts?: Readonly<Record<string, number>>;
  readonly problem?: { readonly code: string; readonly detail: string };
  readonly bytes?: number;
}

export interface ImportedRow {
  readonly row: number;
  readonly outcome: string;
  readonly recordId?: string;
  readonly problems?: readonly { readonly pointer: string; readonly code: string; readonly message: string }[];
  readonly creates?: readonly { readonly field: string; readonly name: string }[];
}

export type CsvFile = string | Uint8Array<ArrayBuffer>;

/** One import, from the file to the outcome of every row. */
export class Import {
  private constructor(
    private readonly api: Api,
    readonly kind: ImportKind,
    readonly id: string,
  ) {}

  /** Announces and sends a file. */
  static async of(api: Api, kind: ImportKind, file: CsvFile, settings: object = {}): Promise<Import> {
    const { id } = await api.post<Fields>(`/v1/imports/${kind}`, { fileName: `${kind}.csv`, settings });
    await api.send('PUT', `/v1/imports/${kind}/${id}/file`, { body: file });
    return new Import(api, kind, id);
  }

  /** Brings a file in, to the end. */
  static async run(api: Api, kind: ImportKind, file: CsvFile, settings: object = {}): Promise<Import> {
    const found = await Import.of(api, kind, file, settings);
    await found.run();
    return found;
  }

  get path(): string {
    return `/v1/imports/${this.kind}/${this.id}`;
  }

  view(): Promise<ImportView> {
    return this.api.get<ImportView>(this.path);
  }

  configure(settings: object): Promise<ImportView> {
    return this.api.patch<ImportView>(this.path, settings);
  }

  /** A dry run. */
  validate(): Promise<ImportView> {
    return this.#phase('validate', 'validated');
  }

  run(): Promise<ImportView> {
    return this.#phase('run', 'done');
  }

  revert(): Promise<ImportView> {
    return this.#phase('revert', 'reverted');
  }

  /** The rows with their outcomes, or only those of one outcome. */
  rows(outcome?: string): Promise<readonly ImportedRow[]> {
    return this.api.all<ImportedRow>(`${this.path}/rows`, { limit: '200', ...(outcome && { outcome }) });
  }

  /** The failed rows as the file to mend. */
  async errors(): Promise<string> {
    return (await this.api.send<string>('GET', `${this.path}/errors.csv`)).body;
  }

  listed(): Promise<List<ImportView>> {
    return this.api.get<List<ImportView>>(`/v1/imports/${this.kind}`);
  }

  async #phase(verb: string, end: string): Promise<ImportView> {
    await this.api.post(`${this.path}:${verb}`);
    const view = await eventually(
      () => this.view(),
      ({ state }) => state === end || state === 'failed',
      120_000,
    );
    if (view.state !== end) throw new Error(`The import ${this.id} failed: ${JSON.stringify(view.problem)}`);
    return view;
  }
}
