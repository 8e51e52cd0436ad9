import { jest } from '@jest/globals';
import { rememberSecrets } from './secrets.js';

// A journey goes through the whole platform, on machines of every speed.
jest.setTimeout(120_000);

/** What the API answers when something is wrong (RFC 9457). */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: string;
  readonly retryable: boolean;
  readonly errors?: readonly { readonly pointer: string; readonly code: string; readonly message: string }[];
  readonly currentRevision?: number;
}

export class ProblemError extends Error {
  override readonly name = 'ProblemError';

  constructor(
    readonly problem: Problem,
    readonly headers: Headers,
  ) {
    super(`${problem.status} ${problem.code}: ${problem.detail}`);
  }
}

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export interface Sent {
  /** An object is sent as JSON, bytes and text as they are. */
  readonly body?: object | string | Uint8Array<ArrayBuffer>;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Answer<T> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: T;
}

/** The public API as one user sees it. Reads see what this client has written before. */
export class Api {
  /** The last write in every context, by the context's name. */
  readonly #written: Map<string, string>;

  /** @param beside a client of the same tenant: the reads of each see what the other has written, too */
  constructor(
    readonly address: string,
    readonly token: string,
    beside?: Api,
  ) {
    this.#written = beside ? beside.#written : new Map<string, string>();
  }

  get<T = Fields>(path: string): Promise<T> {
    return this.#body<T>('GET', path);
  }

  post<T = Fields>(path: string, body?: object, headers: Sent['headers'] = {}): Promise<T> {
    return this.#body<T>('POST', path, { ...(body && { body }), headers });
  }

  patch<T = Fields>(path: string, body: object, headers: Sent['headers'] = {}): Promise<T> {
    return this.#body<T>('PATCH', path, { body, headers });
  }

  delete<T = Fields>(path: string): Promise<T> {
    return this.#body<T>('DELETE', path);
  }

  /** @throws ProblemError for every status from 400 on */
  async send<T = Fields>(method: Method, path: string, sent: Sent = {}): Promise<Answer<T>> {
    const response = await this.fetch(method, path, sent);
    const { status, headers } = response;
    const text = await response.text();
    if (status >= 400) throw new ProblemError(problemIn(status, text), headers);
    this.#remember(headers.get('rapport-consistency'));
    const isJson = /^application\/(\S+\+)?json\b/.test(headers.get('content-type') ?? '');
    const answered = (isJson ? JSON.parse(text) : text) as T;
    rememberSecrets(answered);
    return { status, headers, body: answered };
  }

  /** The plain answer, whatever it is. */
  fetch(method: Method, path: string, { body, headers }: Sent = {}, signal?: AbortSignal): Promise<Response> {
    rememberSecrets({ token: this.token, body });
    const isPlain = typeof body === 'string' || body instanceof Uint8Array;
    return fetch(this.address + path, {
      method,
      headers: {
        authorization: `Bearer ${this.token}`,
        ...(body === undefined ? {} : { 'content-type': isPlain ? 'text/csv' : 'application/json' }),
        ...(this.#written.size > 0 && { 'rapport-consistency': [...this.#written.values()].join() }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: isPlain ? body : JSON.stringify(body) }),
      ...(signal && { signal }),
    });
  }

  /** Every record of a list, page by page. */
  async *walk<T = Fields>(path: string, parameters: Readonly<Record<string, string>> = {}): AsyncGenerator<T> {
    for (let cursor = ''; ;) {
      const query = new URLSearchParams({ ...parameters, ...(cursor && { cursor }) });
      const { data, page } = await this.get<List<T>>(`${path}?${query.toString()}`);
      yield* data;
      if (!page.next) return;
      cursor = page.next;
    }
  }

  /** A whole list at once. */
  async all<T = Fields>(path: string, parameters?: Readonly<Record<string, string>>): Promise<T[]> {
    const records: T[] = [];
    for await (const record of this.walk<T>(path, parameters)) records.push(record);
    return records;
  }

  /** A client for somebody with these roles, of this or (when the caller is an operator) another tenant. */
  async clientFor(roles: readonly string[], tenant?: string): Promise<Api> {
    const { secret } = await this.post<{ secret: string }>('/v1/access-tokens', {
      name: roles.join(),
      roles,
      ...(tenant && { tenant }),
    });
    return new Api(this.address, secret);
  }

  async #body<T>(method: Method, path: string, sent: Sent = {}): Promise<T> {
    return (await this.send<T>(method, path, sent)).body;
  }

  #remember(token: string | null): void {
    if (!token) return;
    const context = token.slice(0, token.indexOf(':'));
    // A repeated answer names the position of the first one.
    if (token > (this.#written.get(context) ?? '')) this.#written.set(context, token);
  }
}

export interface List<T> {
  readonly data: readonly T[];
  readonly page: { readonly next: string; readonly hasMore: boolean; readonly total?: number };
}

/** A record as JSON has it, where a test has no use for more precise words. */
export type Fields = Readonly<Record<string, unknown>> & { readonly id: string };

const problemIn = (status: number, text: string): Problem => {
  try {
    return JSON.parse(text) as Problem;
  } catch {
    throw new Error(`Answered ${status} and no problem+json: ${text.slice(0, 500)}`);
  }
};

/** The problem that a call is answered with. */
export const problemOf = async (call: Promise<unknown>): Promise<Problem> => {
  try {
    await call;
  } catch (error) {
    if (error instanceof ProblemError) return error.problem;
    throw error;
  }
  throw new Error('The call was expected to be refused, and was not.');
};
