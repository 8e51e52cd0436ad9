import { DomainError } from '@rapport/kernel';
import type { HttpMethod } from '../contract/contract.js';
import { pathPattern, type PathTemplate } from '../contract/path-template.js';
import { HttpFailure } from '../problems/failure.js';
import type { Handler } from './door.js';
import { pathOf } from './exchange.js';
import type { ProblemSender } from './send-problem.js';

interface KnownPath {
  readonly pattern: RegExp;
  readonly method: HttpMethod;
}

/** Tells an unknown address (404) from a wrong method (405, with `Allow`). */
export class NotFound {
  readonly #known: KnownPath[] = [];

  constructor(private readonly problems: ProblemSender) {}

  add(method: HttpMethod, path: PathTemplate): void {
    this.#known.push({ method, pattern: pathPattern(path) });
  }

  readonly handler: Handler = (request, reply) => {
    const path = pathOf(request);
    const allowed = new Set<string>(
      this.#known.filter(({ pattern }) => pattern.test(path)).map(({ method }) => method),
    );
    if (allowed.has('GET')) allowed.add('HEAD');
    if (allowed.size === 0) return this.problems.send(request, reply, nothingHere(path));
    const allow = [...allowed].join(', ');
    reply.header('allow', allow);
    const message = `${request.method} is not possible here; use ${allow}.`;
    this.problems.send(request, reply, new HttpFailure('method-not-allowed', message));
  };
}

const nothingHere = (path: string): DomainError =>
  new DomainError('not-found', 'unknown-address', `There is nothing at ${path.slice(0, 200)}. See /docs.`);
