/* global fetch */
import { setTimeout as pause } from 'node:timers/promises';

/** The API as one token sees it; reads see what this client has written. */
export class Client {
  #written = new Map();

  constructor(url, token) {
    this.url = url;
    this.token = token;
  }

  get = (path) => this.send('GET', path);
  post = (path, body, headers) => this.send('POST', path, body, headers);
  patch = (path, body, headers) => this.send('PATCH', path, body, headers);
  put = (path, text) => this.send('PUT', path, text, { 'content-type': 'text/csv' });
  delete = (path) => this.send('DELETE', path);

  /** The answer's JSON. Throws for every status from 400 on. */
  async send(method, path, body, headers = {}) {
    const sent = {
      authorization: `Bearer ${this.token}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(this.#written.size > 0 && { 'rapport-consistency': [...this.#written.values()].join() }),
      ...headers,
    };
    const text = typeof body === 'string' || body === undefined ? body : JSON.stringify(body);
    const response = await fetch(this.url + path, { method, headers: sent, body: text });
    const answer = await response.text();
    if (!response.ok) throw new Error(`${method} ${path} was answered ${response.status}: ${answer}`);
    const token = response.headers.get('rapport-consistency');
    if (token) this.#written.set(token.slice(0, token.indexOf(':')), token);
    return answer === '' ? undefined : JSON.parse(answer);
  }

  /** Consistency token of every context that was written to. */
  get consistency() {
    return [...this.#written.values()].join();
  }
}

/** Asks again and again until the answer is wanted. */
export const until = async (ask, wanted = Boolean, seconds = 60) => {
  const end = Date.now() + seconds * 1_000;
  for (;;) {
    const answer = await ask();
    if (wanted(answer)) return answer;
    if (Date.now() > end) throw new Error(`Waited in vain; the last was ${JSON.stringify(answer)}`);
    await pause(20);
  }
};
