/** Enough of a browser to be sent from one site to another: it keeps cookies, and stops where it is told to. */
export class Browser {
  readonly #cookies = new Map<string, string>();

  /** Goes where it is sent, up to the first address that begins with one of these, which it does not open. */
  async follow(
    address: string,
    until: readonly string[] = [],
  ): Promise<{ readonly address: string; readonly response: Response }> {
    let response = await this.open(address);
    for (let hops = 0; hops < 20 && response.headers.has('location'); hops += 1) {
      address = new URL(response.headers.get('location')!, address).href;
      if (until.some((begin) => address.startsWith(begin))) break;
      response = await this.open(address);
    }
    return { address, response };
  }

  async open(address: string, init: RequestInit = {}): Promise<Response> {
    const { host } = new URL(address);
    const kept = [...this.#cookies].filter(([name]) => name.startsWith(`${host} `));
    const cookie = kept.map(([name, value]) => `${name.slice(host.length + 1)}=${value}`).join('; ');
    const headers = { ...(init.headers as Record<string, string>), ...(cookie && { cookie }) };
    const response = await fetch(address, { ...init, headers, redirect: 'manual' });
    for (const header of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(header)!;
      if (value === '' || /max-age=0/i.test(header)) this.#cookies.delete(`${host} ${name}`);
      else this.#cookies.set(`${host} ${name}`, value!);
    }
    return response;
  }

  forget(): void {
    this.#cookies.clear();
  }
}
