/** Of the library, which has no types of its own, what the journeys use. */
declare module 'smtp-server' {
  import type { Server } from 'node:net';
  import type { Readable } from 'node:stream';

  export class SMTPServer {
    constructor(options: {
      readonly authOptional: boolean;
      readonly disabledCommands: readonly string[];
      readonly onData: (
        stream: Readable,
        session: { readonly envelope: { readonly rcptTo: readonly { readonly address: string }[] } },
        done: (refused?: Error) => void,
      ) => void;
    });
    readonly server: Server;
    listen(port: number, host: string, listening: () => void): void;
    close(closed: () => void): void;
  }
}
