/** Where people find Rapport. */
export class PublicAddress {
  #listening = '';

  /** @param configured without a slash at its end; where the gateway listens when there is none */
  constructor(private readonly configured: string | undefined) {}

  /** Known once the gateway listens. */
  listensAt(address: string): void {
    this.#listening = address;
  }

  get url(): string {
    return this.configured ?? this.#listening;
  }

  /** Whether browsers reach it by TLS alone, and so may keep cookies to that. */
  get isSecure(): boolean {
    return this.configured?.startsWith('https:') ?? false;
  }

  /** Of pages that may use a browser's session. Without a setting it is whatever the browser says that it has opened. */
  originFor(host: string | undefined): string {
    return this.configured === undefined ? `http://${host ?? ''}` : new URL(this.configured).origin;
  }
}
