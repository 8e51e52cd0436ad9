import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { AssignerProtocol } from 'kafkajs';

/** What a client asks of a group, by its number in the protocol; the oldest version of each is spoken. */
const REQUESTS = {
  18: 'ApiVersions',
  3: 'Metadata',
  10: 'FindCoordinator',
  11: 'JoinGroup',
  12: 'Heartbeat',
  13: 'LeaveGroup',
  14: 'SyncGroup',
} as const;

export type Request = (typeof REQUESTS)[keyof typeof REQUESTS];
/** What becomes of a request: it is answered, the connection is cut, or its answer is an error of the protocol. */
export type Fate = 'answer' | 'hang up' | { readonly error: number };

/** A broker that lets one member into every group, leads nothing, and can be told to be away in the middle of anything. */
export class FakeBroker {
  /** Everything that was asked. */
  readonly asked: Request[] = [];
  fate: (request: Request) => Fate = () => 'answer';
  private readonly sockets = new Set<Socket>();
  private members = 0;

  private constructor(private readonly server: Server) {
    server.on('connection', (socket) => this.serve(socket));
  }

  static async open(): Promise<FakeBroker> {
    const broker = new FakeBroker(createServer());
    await new Promise<void>((resolve) => broker.server.listen(0, '127.0.0.1', resolve));
    return broker;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** How often something was asked. */
  count(request: Request): number {
    return this.asked.filter((each) => each === request).length;
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private serve(socket: Socket): void {
    this.sockets.add(socket);
    let received = Buffer.alloc(0);
    socket.on('error', () => undefined);
    socket.on('close', () => this.sockets.delete(socket));
    socket.on('data', (bytes) => {
      received = Buffer.concat([received, bytes]);
      while (received.length >= 4 && received.length >= 4 + received.readInt32BE(0)) {
        const end = 4 + received.readInt32BE(0);
        this.take(socket, received.subarray(4, end));
        received = received.subarray(end);
      }
    });
  }

  private take(socket: Socket, frame: Buffer): void {
    const request = REQUESTS[frame.readInt16BE(0) as keyof typeof REQUESTS];
    this.asked.push(request);
    const fate = this.fate(request);
    if (fate === 'hang up') return void socket.destroy();
    const answer =
      fate === 'answer' ? this.answers[request]() : [int16(fate.error), ...this.answers[request]().slice(1)];
    const body = Buffer.concat([frame.subarray(4, 8), ...answer]);
    socket.write(Buffer.concat([int32(body.length), body]));
  }

  private readonly answers: Readonly<Record<Request, () => Buffer[]>> = {
    ApiVersions: () => [
      NO_ERROR,
      list(Object.keys(REQUESTS).map((key) => [int16(Number(key)), int16(0), int16(0)])),
      int32(0),
    ],
    Metadata: () => [list([[int32(1), text('127.0.0.1'), int32(this.port)]]), list([[NO_ERROR, text('t'), list([])]])],
    FindCoordinator: () => [NO_ERROR, int32(1), text('127.0.0.1'), int32(this.port)],
    JoinGroup: () => [NO_ERROR, int32(1), text('rapport'), text('leader'), text(`member-${++this.members}`), list([])],
    SyncGroup: () => [NO_ERROR, int32(NO_PARTITIONS.length), NO_PARTITIONS],
    Heartbeat: () => [NO_ERROR],
    LeaveGroup: () => [NO_ERROR],
  };
}

const int16 = (value: number): Buffer => {
  const bytes = Buffer.alloc(2);
  bytes.writeInt16BE(value);
  return bytes;
};
const int32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
};
const text = (value: string): Buffer => Buffer.concat([int16(Buffer.byteLength(value)), Buffer.from(value)]);
const list = (items: readonly (readonly Buffer[])[]): Buffer => Buffer.concat([int32(items.length), ...items.flat()]);

const NO_ERROR = int16(0);
const NO_PARTITIONS = AssignerProtocol.MemberAssignment.encode({
  version: 0,
  assignment: {},
  userData: Buffer.alloc(0),
});
