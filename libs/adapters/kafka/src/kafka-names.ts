/** What topics, groups and transactions are called on the cluster. */
export class KafkaNames {
  private readonly prefix: string;

  constructor(namespace: string | undefined) {
    this.prefix = namespace === undefined ? '' : `${namespace}.`;
  }

  /** The cluster's name for a topic, group or publisher. */
  readonly outside = (name: string): string => this.prefix + name;

  /** Our name for a topic of the cluster; undefined when it is not in our namespace. */
  readonly inside = (name: string): string | undefined =>
    name.startsWith(this.prefix) ? name.slice(this.prefix.length) : undefined;
}
