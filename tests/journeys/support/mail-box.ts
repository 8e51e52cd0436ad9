import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';

/** A letter as it came over SMTP. */
export interface Received {
  readonly to: readonly string[];
  readonly text: string;
  readonly id: string;
}

/** A mail server on this machine that keeps what it gets. */
export class MailBox {
  readonly letters: Received[] = [];
  /** So many letters are refused before one is taken. */
  refusing = 0;
  readonly #server: SMTPServer;

  private constructor() {
    this.#server = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS', 'AUTH'],
      onData: (stream, { envelope }, done) => {
        const parts: Buffer[] = [];
        stream.on('data', (part: Buffer) => parts.push(part));
        stream.on('end', () => {
          if (this.refusing > 0) {
            this.refusing -= 1;
            return done(new Error('Not now'));
          }
          const text = Buffer.concat(parts).toString().replaceAll('=\r\n', '').replaceAll('=3D', '=');
          const id = /^Message-ID: <(.*)>/im.exec(text)?.[1] ?? '';
          this.letters.push({ to: envelope.rcptTo.map(({ address }) => address), text, id });
          done();
        });
      },
    });
  }

  static async open(): Promise<MailBox> {
    const box = new MailBox();
    await new Promise<void>((listening) => box.#server.listen(0, '127.0.0.1', listening));
    return box;
  }

  /** What a server is to be set to, so that its letters come here. */
  get settings(): { readonly RAPPORT_SMTP_URL: string; readonly RAPPORT_MAIL_FROM: string } {
    const { port } = this.#server.server.address() as AddressInfo;
    return { RAPPORT_SMTP_URL: `smtp://127.0.0.1:${port}`, RAPPORT_MAIL_FROM: 'Rapport <rapport@example.org>' };
  }

  close(): Promise<void> {
    return new Promise((closed) => this.#server.close(closed));
  }
}
