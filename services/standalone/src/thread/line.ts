import { DomainError } from '@rapport/kernel';
import { failureOf, plainFailure, type PlainFailure } from './failure.js';

/** Calls that one side answers, by name. */
export type Calls = Readonly<Record<string, (...given: never[]) => unknown>>;

/** A port of `node:worker_threads`, or a thread itself. */
export interface Port {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (message: unknown) => void): unknown;
}

type Message =
  | readonly [kind: 'call', id: number, name: string, given: readonly unknown[]]
  | readonly [kind: 'tell', id: 0, name: string, given: readonly unknown[]]
  | readonly [kind: 'answer', id: number, result: unknown]
  | readonly [kind: 'failure', id: number, failure: PlainFailure];

interface Waiting {
  readonly resolve: (result: never) => void;
  readonly reject: (failure: unknown) => void;
}

/**
 * Calls between two threads. What is said within one turn of the event loop goes in one message, in order: whoever is told
 * something before an answer knows it when the answer comes.
 */
export class Line<Theirs extends Calls> {
  private readonly waiting = new Map<number, Waiting>();
  private outgoing: Message[] = [];
  private last = 0;
  private ended: DomainError | undefined;

  /** @param mine what the other side may ask for */
  constructor(
    private readonly port: Port,
    private readonly mine: Calls,
  ) {
    port.on('message', (messages) => this.take(messages as readonly Message[]));
  }

  call<Name extends keyof Theirs & string>(
    name: Name,
    ...given: Parameters<Theirs[Name]>
  ): Promise<Awaited<ReturnType<Theirs[Name]>>> {
    if (this.ended) return Promise.reject(this.ended);
    return new Promise((resolve, reject) => {
      this.last += 1;
      this.waiting.set(this.last, { resolve, reject });
      this.say(['call', this.last, name, given]);
    });
  }

  /** Without waiting, and without hearing of a failure. */
  tell<Name extends keyof Theirs & string>(name: Name, ...given: Parameters<Theirs[Name]>): void {
    if (!this.ended) this.say(['tell', 0, name, given]);
  }

  /** The other side is no more: whoever waits for it, or asks it later, is refused. */
  end(failure: DomainError): void {
    this.ended = failure;
    this.outgoing = [];
    for (const { reject } of this.waiting.values()) reject(failure);
    this.waiting.clear();
  }

  private say(message: Message): void {
    if (this.outgoing.push(message) === 1) setImmediate(() => this.send());
  }

  private send(): void {
    const outgoing = this.outgoing;
    this.outgoing = [];
    if (outgoing.length > 0) this.port.postMessage(outgoing);
  }

  private take(messages: readonly Message[]): void {
    for (const [kind, id, what, given] of messages) {
      if (kind === 'call') void this.answer(id, what, given);
      else if (kind === 'tell') (this.mine[what] as (...given: unknown[]) => void)(...given);
      else this.settle(kind, id, what);
    }
  }

  private settle(kind: 'answer' | 'failure', id: number, what: unknown): void {
    const waiting = this.waiting.get(id);
    this.waiting.delete(id);
    if (kind === 'answer') waiting?.resolve(what as never);
    else waiting?.reject(failureOf(what as PlainFailure));
  }

  private async answer(id: number, name: string, given: readonly unknown[]): Promise<void> {
    try {
      this.say(['answer', id, await (this.mine[name] as (...given: unknown[]) => unknown)(...given)]);
    } catch (failure) {
      this.say(['failure', id, plainFailure(failure)]);
    }
  }
}
