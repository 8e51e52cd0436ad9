import { DomainError } from '@rapport/kernel';
import type { Action } from './control-server.js';

/** What is known of the process of an engine. */
export interface EngineState {
  /** Undefined while it is stopped. */
  readonly pid?: number;
  /** Resident, in MiB. */
  readonly memory?: number;
}

/** Stops and starts an engine that `npm run test:engines` has started. Each resolves when it is done. */
export class EngineControl {
  /** @param address `http://127.0.0.1:<port>/<engine>` */
  constructor(private readonly address: string) {}

  stop(): Promise<EngineState> {
    return this.ask('stop');
  }

  start(): Promise<EngineState> {
    return this.ask('start');
  }

  restart(): Promise<EngineState> {
    return this.ask('restart');
  }

  /** `kill -9`. */
  kill(): Promise<EngineState> {
    return this.ask('kill');
  }

  state(): Promise<EngineState> {
    return this.ask();
  }

  private async ask(action?: Action): Promise<EngineState> {
    const [path, method] = action === undefined ? ['', 'GET'] : [`/${action}`, 'POST'];
    const response = await fetch(this.address + path, { method });
    const answer = (await response.json()) as EngineState & { readonly error?: string };
    if (response.ok) return answer;
    throw new DomainError('unavailable', 'engine-control-failed', `${method} ${this.address}${path}: ${answer.error}`);
  }
}
