import { type EventStore, isFollowed, type Page, prefixOf } from '@rapport/event-store';
import { DomainError, type Position } from '@rapport/kernel';
import { everybodyOf, isSealed, subjectsOf, type CachedKeyStore, type Subject } from '@rapport/privacy';
import { type ErasureFact, erasedBy, Follower, OwnedFollower, type Ownership, type Trouble } from '@rapport/processing';
import type { Engines } from '../engines.js';
import type { ServiceDefinition } from '../service/service-definition.js';
import { everybodyGone } from '../workspace/deletion/deletion-facts.js';
import { ErasureMark } from './erasure-mark.js';
import type { LostKeys } from './lost-keys.js';
import type { NotedFacts } from './noted-facts.js';

/** What {@link Erasures} needs, of a service and what it runs on. */
export const erasuresPartsOf = (
  { context, erasures = [], noted, personal }: ServiceDefinition,
  { events, keys, ownership, lostKeys = 'refuse' }: Engines,
  trouble: Trouble,
): ErasuresParts => ({
  context,
  facts: [...erasures, everybodyGone(context)],
  ...(noted && { noted }),
  personal: Object.keys(personal),
  events,
  keys,
  ownership,
  lostKeys,
  trouble,
});

export interface ErasuresParts {
  readonly context: string;
  readonly facts: readonly ErasureFact[];
  readonly noted?: NotedFacts;
  /** Aggregates with personal fields. */
  readonly personal: readonly string[];
  /** The store as it is on disk. */
  readonly events: EventStore;
  readonly keys: CachedKeyStore;
  readonly ownership: Ownership;
  readonly lostKeys: LostKeys;
  readonly trouble: Trouble;
}

/**
 * Destroys the keys of people whose erasure is in the facts. How far it has come is noted in the keyring itself: an older copy
 * of the keyring that is put back has an older note, and everybody who was erased since is erased again before a door opens.
 */
export class Erasures {
  /** Follows the facts, in whichever process owns it; there is none where nothing tells of erasures. */
  readonly follower: OwnedFollower | undefined;
  private readonly mark: ErasureMark;

  constructor(private readonly parts: ErasuresParts) {
    const { context, events, keys, ownership, trouble } = parts;
    this.mark = new ErasureMark(context, keys, events);
    const name = `erasures:${context}`;
    const handle: Follower['definition']['handle'] = async (page) => {
      this.mark.see(page.events);
      if (!(await this.destroy(page))) return 'nothing';
      await this.mark.save(page.position);
      return 'saved';
    };
    const prefixes = this.prefixes;
    if (prefixes.length === 0) return;
    const follower = new Follower(events, { name, prefixes, checkpoint: this.mark, handle, trouble });
    this.follower = new OwnedFollower(ownership, follower);
  }

  /** To be awaited before anybody is let in. @throws DomainError `keys-lost` */
  async applyRest(): Promise<void> {
    const personal = this.parts.personal.map(prefixOf);
    const end = await this.pass(await this.mark.load(), personal, (page) => this.checkKeys(page));
    await this.mark.save(end);
  }

  /** Destroys the keys of everybody whose erasure was stored behind a position; answers up to where that is. */
  async applyFrom(after: Position): Promise<Position> {
    return this.pass(after, []);
  }

  private async pass(
    after: Position,
    more: readonly string[],
    look: (page: Page) => Promise<void> = async () => undefined,
  ): Promise<Position> {
    const { events } = this.parts;
    const prefixes = distinct([...this.prefixes, ...more]);
    if (prefixes.length === 0) return after;
    const enough = new AbortController();
    let position = after;
    try {
      for await (const page of events.follow({ prefixes, after, signal: enough.signal })) {
        this.mark.see(page.events);
        await look(page);
        await this.destroy(page);
        ({ position } = page);
        if (page.caughtUp) break;
      }
      return position;
    } finally {
      enough.abort();
    }
  }

  private get prefixes(): readonly string[] {
    const { facts, noted } = this.parts;
    return distinct([...facts, ...(noted ? [noted] : [])].map(({ prefix }) => prefix));
  }

  /** Whether there was anybody, or anything to note. */
  private async destroy({ events }: Page): Promise<boolean> {
    const { keys, noted } = this.parts;
    let destroyed = false;
    for (const event of events) {
      for (const id of erasedBy(this.parts.facts, event)) {
        const { tenant, occurredAt } = event.metadata;
        const isEverybody = id === everybodyOf(tenant).id;
        await (isEverybody ? keys.destroyTenant(tenant, occurredAt) : keys.destroy({ tenant, id }, occurredAt));
        destroyed = true;
      }
      if (noted && isFollowed(event.stream, [noted.prefix])) destroyed = (await noted.note(event, keys)) || destroyed;
    }
    return destroyed;
  }

  /** Whoever is sealed in an event has a key, or had one. */
  private async checkKeys({ events }: Page): Promise<void> {
    const { keys, lostKeys } = this.parts;
    const subjects = [
      ...new Map(
        events
          .filter(isSealed)
          .flatMap(subjectsOf)
          .map((each) => [nameOf(each), each]),
      ).values(),
    ];
    const found = await keys.findMany(subjects);
    const lost = subjects.filter((_, n) => found[n] === undefined);
    if (lost.length === 0) return;
    if (lostKeys === 'refuse') throw keysLost(this.parts.context, lost[0]!);
    const at = new Date().toISOString();
    for (const subject of lost) await keys.destroy(subject, at);
  }
}

const nameOf = ({ tenant, id }: Subject): string => `${tenant}/${id}`;

const distinct = (names: readonly string[]): readonly string[] => [...new Set(names)];

const keysLost = (context: string, { tenant, id }: Subject): DomainError =>
  new DomainError(
    'internal',
    'keys-lost',
    `There are sealed facts of ${context} without their keys, first those of ${id} (tenant ${tenant}): the keyring is older than ` +
      'the facts, or another one. Put back a copy of the keyring that is as old as the facts or newer; or start once with ' +
      'RAPPORT_LOST_KEYS=forget, which gives up for ever what is sealed without a key.',
  );
