import type { ConnectionError } from 'fastify';
import type { Socket } from 'node:net';

interface Unreadable {
  readonly status: number;
  readonly reason: string;
  readonly code: string;
  readonly detail: string;
}

const LARGE_HEADERS: Unreadable = {
  status: 431,
  reason: 'Request Header Fields Too Large',
  code: 'headers-too-large',
  detail: 'The headers of this request are larger than 16 KiB together. Send fewer, or shorter ones.',
};

const SLOW: Unreadable = {
  status: 408,
  reason: 'Request Timeout',
  code: 'request-timeout',
  detail: 'The request did not arrive in time. Send it again.',
};

const NO_HTTP: Unreadable = {
  status: 400,
  reason: 'Bad Request',
  code: 'malformed-request',
  detail: 'This is no HTTP request that can be read.',
};

const BY_CODE: Readonly<Record<string, Unreadable>> = {
  HPE_HEADER_OVERFLOW: LARGE_HEADERS,
  ERR_HTTP_REQUEST_TIMEOUT: SLOW,
};

/** What cannot even be read as a request is answered with a problem, like everything else; then the connection ends. */
export const answerUnreadable = ({ code }: ConnectionError, socket: Socket): void => {
  if (code === 'ECONNRESET' || socket.destroyed || !socket.writable) return void socket.destroy();
  const { status, reason, ...rest } = BY_CODE[code] ?? NO_HTTP;
  const problem = { type: `/problems/${rest.code}`, title: reason, status, ...rest, retryable: false };
  const body = JSON.stringify(problem);
  const head = [
    `HTTP/1.1 ${status} ${reason}`,
    'Content-Type: application/problem+json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
};
