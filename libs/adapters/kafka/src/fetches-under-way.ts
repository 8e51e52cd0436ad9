/** Nobody answers later than this: the client has given the request up. */
const LONGEST = 20_000;

/** Which brokers were asked for messages and have not answered yet. */
export class FetchesUnderWay {
  private readonly nodes = new Map<number, PromiseWithResolvers<void>>();

  started(node: number): void {
    this.finished(node);
    this.nodes.set(node, Promise.withResolvers<void>());
  }

  finished(node: number): void {
    this.nodes.get(node)?.resolve();
    this.nodes.delete(node);
  }

  /** Resolves once those under way now are over; undefined when there are none. */
  get over(): Promise<void> | undefined {
    if (this.nodes.size === 0) return undefined;
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, LONGEST);
    void Promise.all([...this.nodes.values()].map((fetch) => fetch.promise)).then(() => resolve());
    return promise.finally(() => clearTimeout(timer));
  }
}
