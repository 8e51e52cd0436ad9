import { createTransport, type Transporter } from 'nodemailer';
import type { Letter, Mail } from './mail.js';

const TIMEOUT_MILLISECONDS = 15_000;

export interface SmtpOptions {
  /** `smtp://user:password@host:587` */
  readonly url: string;
  readonly from: string;
  readonly publicUrl: string;
}

/** Mail over SMTP: a connection for each letter, since there are few. */
export class SmtpMail implements Mail {
  readonly publicUrl: string;
  readonly #transport: Transporter;
  readonly #from: string;

  constructor({ url, from, publicUrl }: SmtpOptions) {
    this.publicUrl = publicUrl;
    this.#from = from;
    const timeouts = {
      connectionTimeout: TIMEOUT_MILLISECONDS,
      greetingTimeout: TIMEOUT_MILLISECONDS,
      socketTimeout: TIMEOUT_MILLISECONDS,
    };
    this.#transport = createTransport({ url, ...timeouts, disableFileAccess: true, disableUrlAccess: true });
  }

  async send({ id, to, subject, text }: Letter): Promise<void> {
    const domain = new URL(this.publicUrl).hostname;
    await this.#transport.sendMail({
      from: this.#from,
      // Never read as a list: an address is one, whatever is in it.
      to: { name: '', address: to },
      messageId: `<${id}@${domain}>`,
      headers: { 'Auto-Submitted': 'auto-generated' },
      subject,
      text,
    });
  }
}
