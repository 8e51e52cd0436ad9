import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { ApiClient, ApiError } from './api-client.js';

/** `rapport.imports.v1.Import` as JSON; numbers of 64 bits may come as text. */
export interface ImportView {
  readonly id: string;
  readonly kind: string;
  readonly fileName: string;
  readonly state: string;
  readonly createdAt: string;
  readonly bytes?: number | string;
  readonly columns?: readonly { readonly name: string; readonly suggestedField?: string; readonly field?: string }[];
  readonly counts?: Readonly<Partial<Record<Count, number | string>>>;
  readonly settings?: { readonly encoding?: string; readonly separator?: string; readonly matchBy?: string };
  readonly problem?: { readonly detail?: string };
  readonly warnings?: readonly { readonly code: string; readonly message: string }[];
}

export type Count =
  'rows' | 'processed' | 'created' | 'updated' | 'unchanged' | 'skipped' | 'failed' | 'restored' | 'kept' | 'warned';

export interface RowView {
  readonly row: number | string;
  readonly problems?: readonly Finding[];
  readonly warnings?: readonly Finding[];
}

export interface Finding {
  readonly pointer?: string;
  readonly message: string;
}

export const countOf = (view: ImportView, name: Count): number => Number(view.counts?.[name] ?? 0);

const UPLOAD_TRIES = 5;

/** The imports of the public API. */
export class ImportApi {
  constructor(private readonly client: ApiClient) {}

  create(kind: string, fileName: string, settings: object): Promise<ImportView> {
    return this.client.json('POST', `/v1/imports/${encodeURIComponent(kind)}`, { fileName, settings });
  }

  get(kind: string, id: string): Promise<ImportView> {
    return this.client.json('GET', pathOf(kind, id));
  }

  configure(kind: string, id: string, settings: object): Promise<ImportView> {
    return this.client.json('PATCH', pathOf(kind, id), settings);
  }

  async begin(phase: 'validate' | 'run' | 'revert', kind: string, id: string): Promise<ImportView> {
    return this.client.json('POST', `${pathOf(kind, id)}:${phase}`);
  }

  async list(kind: string): Promise<readonly ImportView[]> {
    return (
      (await this.client.json<{ data?: ImportView[] }>('GET', `/v1/imports/${encodeURIComponent(kind)}?limit=20`))
        .data ?? []
    );
  }

  async rows(outcome: 'failed' | 'warned', kind: string, id: string, limit: number): Promise<readonly RowView[]> {
    return (
      (
        await this.client.json<{ data?: RowView[] }>(
          'GET',
          `${pathOf(kind, id)}/rows?outcome=${outcome}&limit=${limit}`,
        )
      ).data ?? []
    );
  }

  errors(kind: string, id: string): Promise<Response> {
    return this.client.send('GET', `${pathOf(kind, id)}/errors.csv`);
  }

  /** Streams the file; a broken connection goes on where the server says that it is. */
  async upload(kind: string, id: string, file: string): Promise<ImportView> {
    const { size } = await stat(file);
    for (let attempt = 1, from = 0; ; attempt += 1) {
      try {
        return await this.#send(kind, id, file, { from, size });
      } catch (error) {
        const broken = error instanceof ApiError && error.status === undefined;
        if (!broken || attempt >= UPLOAD_TRIES) throw error;
        const view = await this.get(kind, id);
        if (view.state !== 'created') return view;
        from = Number(view.bytes ?? 0);
      }
    }
  }

  async #send(
    kind: string,
    id: string,
    file: string,
    { from, size }: { from: number; size: number },
  ): Promise<ImportView> {
    const headers: Record<string, string> = { 'content-type': 'text/csv', 'content-length': String(size - from) };
    if (from > 0) headers['content-range'] = `bytes ${from}-${size - 1}/${size}`;
    const body = size === from ? new Uint8Array(0) : Readable.toWeb(createReadStream(file, { start: from }));
    const init = { body: body as NonNullable<RequestInit['body']>, headers, duplex: 'half' } as const;
    return (await (await this.client.send('PUT', `${pathOf(kind, id)}/file`, init)).json()) as ImportView;
  }
}

const pathOf = (kind: string, id: string): string =>
  `/v1/imports/${encodeURIComponent(kind)}/${encodeURIComponent(id)}`;
