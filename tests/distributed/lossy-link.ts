import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** A network between two processes that can lose connections. */
export class LossyLink {
  readonly #sockets = new Set<Socket>();
  #isCut = false;

  private constructor(private readonly server: Server) {}

  static async to(port: number): Promise<LossyLink> {
    const link = new LossyLink(createServer({ allowHalfOpen: false }));
    link.server.on('connection', (near) => {
      if (link.#isCut) near.resetAndDestroy();
      else link.#join(near, connect(port, '127.0.0.1'));
    });
    link.server.listen(0, '127.0.0.1');
    await once(link.server, 'listening');
    return link;
  }

  get address(): string {
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Every connection of now is gone, with whatever was on its way; new ones can be made. */
  lose(): void {
    for (const socket of this.#sockets) socket.resetAndDestroy();
    this.#sockets.clear();
  }

  /** The same, and no new ones until it is mended. */
  cut(): void {
    this.#isCut = true;
    this.lose();
  }

  mend(): void {
    this.#isCut = false;
  }

  close(): void {
    this.server.close();
    this.lose();
  }

  #join(near: Socket, far: Socket): void {
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      this.#sockets.add(from);
      from.on('error', () => to.destroy());
      from.on('close', () => to.destroy());
      from.pipe(to);
    }
  }
}
