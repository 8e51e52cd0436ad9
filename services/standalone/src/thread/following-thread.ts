import { basename } from 'node:path';
import type { Worker } from 'node:worker_threads';
import { DomainError, type Position } from '@rapport/kernel';
import type { Logger } from '@rapport/observability';
import type { CachedKeyStore, Subject } from '@rapport/privacy';
import { FollowersElsewhere, type FollowerNews } from '@rapport/processing';
import type { Dependency } from '@rapport/service-kit';
import type { StandaloneConfig } from '../settings.js';
import { type FactsFile, viewsOf } from '../sqlite-engines.js';
import type { DoorCalls, ThreadCalls } from './calls.js';
import { writingFor } from './door.js';
import { failureOf } from './failure.js';
import { launch } from './launch.js';
import { Line } from './line.js';

const BEFORE_ANOTHER_MILLISECONDS = 1_000;

export interface FollowingParts {
  readonly config: StandaloneConfig;
  /** By the name of the context. */
  readonly contexts: Readonly<Record<string, FactsFile>>;
  readonly keys: CachedKeyStore;
  readonly logger: Logger;
  /** Launched already, for the first start. */
  readonly spare?: Worker | undefined;
}

/**
 * The thread in which everything runs that follows the facts, as the one with the door sees it. One that dies is replaced;
 * until another follows, whoever waits for it is told so.
 */
export class FollowingThread {
  private readonly elsewhere: ReadonlyMap<string, FollowersElsewhere>;
  private readonly durable = new Map<string, Position>();
  private worker: Worker | undefined;
  private line: Line<ThreadCalls> | undefined;
  private ended: Promise<void> = Promise.resolve();
  private stopping = false;
  private pausing: NodeJS.Timeout | undefined;

  constructor(private readonly parts: FollowingParts) {
    const told = (context: string): [string, FollowersElsewhere] => [
      context,
      new FollowersElsewhere((projection) => this.call('rebuild', context, projection)),
    ];
    this.elsewhere = new Map(Object.keys(parts.contexts).map(told));
    parts.keys.onDestroyed = (subject) => this.forget(subject);
  }

  /** Resolves once everything follows. @throws whatever keeps it from that */
  async start(): Promise<void> {
    for (const [context, { events }] of Object.entries(this.parts.contexts)) {
      events.onDurable((position) => this.reached(context, position));
      this.durable.set(context, await events.end());
    }
    await this.run(this.parts.spare ?? launch());
  }

  /** What is told here of a context's followers. */
  told(context: string): FollowersElsewhere {
    return this.elsewhere.get(context)!;
  }

  /** Everything up to here is on the disk. Whoever follows knows it before the writer is answered. */
  private reached(context: string, position: Position): void {
    this.durable.set(context, position);
    this.line?.tell('durable', context, position);
  }

  purge(context: string): Promise<void> {
    return this.call('purge', context);
  }

  /** Whether its views can be written to. */
  viewsFile(context: string): Promise<Dependency> {
    const gone = { name: basename(viewsOf(context)), needed: false, ready: false, detail: nobodyFollows().message };
    return this.call('viewsFile', context).catch(() => gone);
  }

  /** As Prometheus reads them; none while nobody follows. */
  metrics(): Promise<string> {
    return this.call('metrics').catch(() => '');
  }

  /** Finishes what is in hand. */
  async close(): Promise<void> {
    this.stopping = true;
    clearTimeout(this.pausing);
    // One that died has nothing in hand.
    await this.line?.call('stop').catch(() => undefined);
    await this.ended;
  }

  /** Whoever is not there has no key in memory. */
  private async forget(subject: Subject): Promise<void> {
    await this.line?.call('forgetKey', subject).catch(() => undefined);
  }

  private call<Name extends keyof ThreadCalls & string>(
    name: Name,
    ...given: Parameters<ThreadCalls[Name]>
  ): Promise<Awaited<ReturnType<ThreadCalls[Name]>>> {
    return this.line ? this.line.call(name, ...given) : Promise.reject(nobodyFollows());
  }

  private run(worker: Worker): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const answers: DoorCalls = {
      ...writingFor(this.parts.contexts, this.parts.keys),
      moved: (context, news) => this.moved(context, news),
      goneOver: (context, lease) => this.told(context).goneOver(lease),
      following: resolve,
      failed: (failure) => reject(failureOf(failure)),
    };
    const line = new Line<ThreadCalls>(worker, answers);
    let failure: unknown = nobodyFollows();
    worker.on('error', (error: unknown) => void (failure = error));
    this.ended = new Promise((ended) => {
      worker.once('exit', () => {
        this.line = undefined;
        line.end(nobodyFollows());
        for (const followers of this.elsewhere.values()) followers.lost();
        reject(failure);
        ended();
      });
    });
    this.worker = worker;
    this.line = line;
    line.tell('begin', this.parts.config, Object.fromEntries(this.durable));
    promise.then(
      () => void this.ended.then(() => this.another(failure)),
      () => undefined,
    );
    return promise;
  }

  /** After one that followed has died. */
  private another(failure: unknown): void {
    if (this.stopping) return;
    this.parts.logger.error('The thread that follows has ended; another is started', {}, failure);
    this.pausing = setTimeout(() => {
      this.run(launch()).catch((again: unknown) => this.another(again));
    }, BEFORE_ANOTHER_MILLISECONDS);
  }

  private moved(context: string, news: readonly (readonly [lease: string, news: FollowerNews])[]): void {
    for (const [lease, each] of news) this.told(context).tell(lease, each);
  }
}

const nobodyFollows = (): DomainError =>
  new DomainError('unavailable', 'nobody-follows', 'Nobody follows at the moment. Try again shortly.', {
    retryAfterSeconds: 2,
  });
