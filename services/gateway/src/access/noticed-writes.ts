import type { CallContext } from '@rapport/kernel';
import type { Backend } from '@rapport/service-kit';

/** A context behind it, and somebody who is told when anything in it may have changed. */
export class NoticedWrites implements Backend {
  constructor(
    private readonly backend: Backend,
    private readonly notice: () => void,
  ) {}

  get services(): ReadonlySet<string> {
    return this.backend.services;
  }

  async invoke(service: string, method: string, request: object, call: CallContext): Promise<object> {
    if (READING.test(method)) return this.backend.invoke(service, method, request, call);
    try {
      return await this.backend.invoke(service, method, request, call);
    } finally {
      this.notice();
    }
  }
}

const READING = /^(get|list|pull|resolve)/;
