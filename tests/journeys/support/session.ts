import type { Method } from './api.js';

interface Browsing {
  readonly body?: object;
  readonly cookie?: string;
  readonly origin?: string;
  /** What it calls itself. */
  readonly agent?: string;
}

/** What a browser sends from a page of ours, with the cookie that it keeps. */
export const browse = (
  address: string,
  method: Method,
  path: string,
  { body, cookie, origin = address, agent }: Browsing = {},
): Promise<Response> =>
  fetch(address + path, {
    method,
    headers: {
      origin,
      ...(agent && { 'user-agent': agent }),
      ...(cookie && { cookie }),
      ...(body && { 'content-type': 'application/json' }),
    },
    ...(body && { body: JSON.stringify(body) }),
  });

/** The cookie that an answer has the browser keep. */
export const cookieIn = (response: Response): string => response.headers.get('set-cookie')!.split(';')[0]!;
