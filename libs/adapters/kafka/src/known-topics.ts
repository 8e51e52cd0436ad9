import type { Admin } from 'kafkajs';
import type { KafkaNames } from './kafka-names.js';
import { kafkaUnavailable, topicMissing } from './kafka-problem.js';

/**
 * Which topics there are. The client would ask again and again for one that is missing and keep everybody else waiting
 * meanwhile, so it is never asked to.
 */
export class KnownTopics {
  private readonly known = new Set<string>();

  constructor(
    private readonly names: KafkaNames,
    private readonly admin: () => Promise<Admin>,
  ) {}

  /** Whether the topics of all these are known to be there; else {@link look}. */
  cover(messages: readonly { readonly topic: string }[]): boolean {
    for (const { topic } of messages) if (!this.known.has(topic)) return false;
    return true;
  }

  /** @throws DomainError `topic-missing` | unavailable */
  async look(topics: readonly string[]): Promise<void> {
    try {
      for (const name of await (await this.admin()).listTopics()) {
        const topic = this.names.inside(name);
        if (topic !== undefined) this.known.add(topic);
      }
    } catch (error) {
      throw kafkaUnavailable('say which topics there are', error);
    }
    const missing = topics.filter((topic) => !this.known.has(topic));
    if (missing.length > 0) throw topicMissing([...new Set(missing)]);
  }

  /** A topic may have been deleted. */
  forget(): void {
    this.known.clear();
  }
}
