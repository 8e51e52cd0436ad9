/** The server refused, or could not be reached; the message is for people. */
export class ApiError extends Error {
  override readonly name = 'ApiError';

  constructor(
    message: string,
    /** HTTP status; undefined when nothing answered. */
    readonly status?: number,
  ) {
    super(message);
  }
}

interface Problem {
  readonly title?: string;
  readonly detail?: string;
  readonly errors?: readonly { readonly pointer: string; readonly message: string }[];
}

/** The public API over HTTP. */
export class ApiClient {
  constructor(
    readonly url: string,
    private readonly token: string | undefined,
  ) {}

  async json<T>(method: string, path: string, body?: object): Promise<T> {
    const headers = { 'content-type': 'application/json' };
    const response = await this.send(method, path, body === undefined ? {} : { body: JSON.stringify(body), headers });
    return (await response.json()) as T;
  }

  /** @throws ApiError */
  async send(method: string, path: string, init: RequestInit & { duplex?: 'half' } = {}): Promise<Response> {
    const headers = new Headers(init.headers);
    if (this.token !== undefined) headers.set('authorization', `Bearer ${this.token}`);
    let response: Response;
    try {
      response = await fetch(new URL(path, this.url), { ...init, method, headers });
    } catch (error) {
      throw new ApiError(
        `Nothing answers at ${this.url} (${reasonOf(error)}). Start Rapport with "npm start", or give --url.`,
      );
    }
    if (response.ok) return response;
    throw new ApiError(await this.sentence(response), response.status);
  }

  private async sentence(response: Response): Promise<string> {
    if (response.status === 401) {
      return this.token === undefined
        ? 'Rapport wants to know who you are. Give --token, or set RAPPORT_TOKEN; "npm start" has printed where the first one is.'
        : 'Rapport does not know this token, or it has ended. Check --token or RAPPORT_TOKEN.';
    }
    const text = await response.text();
    try {
      return describe(JSON.parse(text) as Problem, response.status);
    } catch {
      return `${this.url} answered ${response.status} and nothing that Rapport would say. Check --url.`;
    }
  }
}

const describe = ({ title = 'Refused', detail, errors = [] }: Problem, status: number): string => {
  const head = detail ?? `${title} (${status}).`;
  const fields = errors
    .filter(({ message }) => !head.includes(message))
    .map(({ pointer, message }) => `  ${pointer} ${message}`);
  return [head, ...fields].join('\n');
};

const reasonOf = (error: unknown): string => {
  const { cause, message } = error as { cause?: { code?: string; message?: string }; message: string };
  return cause?.code ?? cause?.message ?? message;
};
