export interface Answer<T> {
  readonly status: number;
  readonly body: T;
  readonly headers: Headers;
}

export interface Call {
  readonly body?: object | string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Statuses other than 2xx that are answers, not failures. */
  readonly accepts?: readonly number[];
}

/** The public API of a server under measurement. */
export class Api {
  constructor(
    private readonly address: string,
    private readonly token: string,
  ) {}

  /** @throws Error naming the status and the answer when it is no success */
  async call<T>(method: string, path: string, { body, headers, accepts = [] }: Call = {}): Promise<Answer<T>> {
    const type = typeof body === 'string' ? 'text/csv' : 'application/json';
    const response = await fetch(this.address + path, {
      method,
      headers: {
        authorization: `Bearer ${this.token}`,
        ...(body === undefined ? {} : { 'content-type': type }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok && !accepts.includes(response.status)) {
      throw new Error(`${method} ${path} was answered ${response.status}: ${text.slice(0, 500)}`);
    }
    return { status: response.status, body: JSON.parse(text) as T, headers: response.headers };
  }

  async get<T>(path: string): Promise<T> {
    return (await this.call<T>('GET', path)).body;
  }
}
