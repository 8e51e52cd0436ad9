import { connect, type Socket } from 'node:net';

/**
 * One kept-alive HTTP connection that sends ready-made requests and reads of an answer only what must be known: status and
 * length. A general client takes half as much processor time again, and it shares the cores with the server.
 */
export class Connection {
  readonly #socket: Socket;
  #unread: Buffer | undefined;

  private constructor(
    port: number,
    private readonly answered: (status: number) => void,
    private readonly broken: (error: Error) => void,
  ) {
    this.#socket = connect({ port, host: '127.0.0.1', noDelay: true });
    this.#socket.on('error', broken);
    this.#socket.on('end', () => broken(new Error('The server closed the connection.')));
    this.#socket.on('data', (data) => this.#read(this.#unread ? Buffer.concat([this.#unread, data]) : data));
  }

  /** `answered` is called for every answer, `broken` when none can come any more. */
  static open(port: number, answered: (status: number) => void, broken: (error: Error) => void): Promise<Connection> {
    const connection = new Connection(port, answered, broken);
    return new Promise((resolve, reject) => {
      connection.#socket.once('connect', () => resolve(connection));
      connection.#socket.once('error', reject);
    });
  }

  send(request: Buffer): void {
    this.#socket.write(request);
  }

  close(): void {
    this.#socket.destroy();
  }

  #read(bytes: Buffer): void {
    const length = lengthOf(bytes);
    if (Number.isNaN(length)) return this.broken(new Error('An answer without Content-Length.'));
    if (length < bytes.length) return this.broken(new Error('More than one answer to one request.'));
    this.#unread = bytes.length < length ? bytes : undefined;
    if (!this.#unread) this.answered(Number(bytes.toString('latin1', 9, 12)));
  }
}

/** Of the whole answer; infinite while its head is not complete, NaN when the head does not tell. */
const lengthOf = (bytes: Buffer): number => {
  const head = bytes.indexOf('\r\n\r\n');
  if (head < 0) return Infinity;
  return head + 4 + Number(/\r\ncontent-length: *(\d+)/i.exec(bytes.toString('latin1', 0, head))?.[1]);
};
