import type { FieldShape, MessageShape } from '@rapport/service-kit';
import { Api, eventually, type Fields, type List, problemOf, userMade } from '../journeys/support/index.js';
import { type Kind, kinds, namedBy } from './contract-paths.js';
import { Ref } from './drawn-request.js';

export const scopes = ['none', 'own', 'team', 'team-and-below', 'all'] as const;

/** Who looks, and how much there is that one does not see. */
export interface Plan {
  readonly roles: readonly (readonly { readonly object: string; readonly action: string; readonly scope: string }[])[];
  readonly fields: readonly { readonly object: string; readonly field: string; readonly access: string }[];
  readonly teams: readonly ('west' | 'coast' | 'east')[];
  /** Records out of sight beside those that both worlds have, by world. */
  readonly more: Readonly<Record<Side, number>>;
}

export type Side = 'a' | 'b';

const PLACES = ['mine', 'west', 'coast', 'east', 'nobodys', 'shared'] as const;
type Place = (typeof PLACES)[number] | 'one' | 'two';

/** An id that nobody has. */
export const MISSING = '00000000-0000-7000-8000-00000000dead';

/** A tenant with records of every kind. Two of the same plan differ only in what their reader does not see. */
export class World {
  /** What each record is called in every world, by the id that it has in this one. */
  readonly labels = new Map<string, string>();
  reader!: Api;
  readonly #ids = new Map<string, string[]>();
  readonly #written = new Map<string, string>();
  #owner = '';
  #userId = '';
  #teams: Readonly<Record<string, string>> = {};

  private constructor(
    readonly tenant: string,
    private readonly side: Side,
    private readonly plan: Plan,
    readonly administrator: Api,
  ) {}

  static async make(operator: Api, tenant: string, side: Side, plan: Plan): Promise<World> {
    const world = new World(tenant, side, plan, await operator.clientFor(['administrator'], tenant));
    await world.#openTo();
    for (const kind of kinds) await world.#fill(kind);
    await world.#settle();
    return world;
  }

  /** What a drawn request asks for in this world. */
  async real(value: unknown, about?: string): Promise<unknown> {
    if (value instanceof Ref) return value.kind === 'event' ? this.#event(about, value.n) : this.#idOf(value);
    if (Array.isArray(value)) return Promise.all(value.map((each) => this.real(each, about)));
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value).filter(([, each]) => each !== undefined);
    return Object.fromEntries(
      await Promise.all(entries.map(async ([name, each]) => [name, await this.real(each, about)])),
    );
  }

  /** Headers by which the reader sees everything that was written. */
  get seeing(): Readonly<Record<string, string>> {
    const seen = [...this.#written.values()].join();
    return seen === '' ? {} : { 'rapport-consistency': seen };
  }

  /** What was written here is seen from then on. */
  remember(headers: Headers): void {
    for (const token of (headers.get('rapport-consistency') ?? '').split(',').filter(Boolean)) {
      const context = token.slice(0, token.indexOf(':'));
      if (token > (this.#written.get(context) ?? '')) this.#written.set(context, token);
    }
  }

  /** The last of every kind is one that is not there. */
  #idOf({ kind, n }: Ref): string {
    const all = [...(this.#ids.get(kind) ?? [...this.#ids.values()].flat()), MISSING];
    return all[n % all.length]!;
  }

  async #event(about: string | undefined, n: number): Promise<string> {
    const label = this.labels.get(about ?? '') ?? '';
    const kind = kinds.find(({ name }) => label.startsWith(`${name} `));
    if (!kind) return MISSING;
    const { data } = await this.administrator.get<List<Fields>>(`${kind.path}/${about}/history`);
    return data[n % data.length]!['eventId'] as string;
  }

  async #openTo(): Promise<void> {
    const { administrator: api, plan } = this;
    const west = await this.#make('team', 'west', { name: 'West' });
    this.#teams = {
      west,
      coast: await this.#make('team', 'coast', { name: 'Coast', parentId: west }),
      east: await this.#make('team', 'east', { name: 'East' }),
    };
    const roleIds: string[] = [];
    for (const grants of plan.roles)
      roleIds.push(
        await this.#make('role', `of the reader ${roleIds.length}`, { name: 'Drawn', grants, fields: plan.fields }),
      );
    const teamIds = plan.teams.map((team) => this.#teams[team]!);
    this.#owner = await this.#make('representative', 'reader', { name: 'Reader' });
    const reader = { name: 'Reader', kind: 'service', roleIds, teamIds, representativeId: this.#owner };
    const userId = await this.#make('user', 'reader', reader);
    this.#userId = userId;
    const { secret } = await api.post('/v1/api-keys', { name: 'Key', userId });
    this.reader = new Api(api.address, secret as string);
  }

  async #fill(kind: Kind): Promise<void> {
    const places: readonly Place[] = kind.isOwned ? PLACES : ['one', 'two'];
    for (const [index, place] of places.entries()) {
      const isSeen = shownAs(kind.name).some(({ as }) => this.#isSeen(kindNamed(as), place));
      // More of what nobody sees stands before, between and behind what is seen.
      for (let n = 0; !isSeen && n < this.plan.more[this.side]; n += 1)
        await this.#post(kind, this.#body(kind, place, { isSeen, word: `more ${n} of ${place}`, index: index + n }));
      await this.#make(kind.name, place, this.#body(kind, place, { isSeen, word: place, index }));
    }
  }

  async #make(kind: string, place: string, body: object): Promise<string> {
    const id = await this.#post(kindNamed(kind), body);
    this.#ids.set(kind, [...(this.#ids.get(kind) ?? []), id]);
    this.labels.set(id, `${kind} ${place}`);
    return id;
  }

  async #post({ path, name }: Kind, body: object & { readonly representativeId?: string }): Promise<string> {
    const { headers, body: made } = await this.administrator.send<Fields>('POST', path, { body });
    this.remember(headers);
    await this.#follow(name, made.id, body);
    return made.id;
  }

  /** What follows by itself is there before anything else happens: both worlds have one order. */
  async #follow(kind: string, id: string, { representativeId }: { readonly representativeId?: string }): Promise<void> {
    if (kind === 'representative') await userMade(this.administrator, id);
    if (kind !== 'user' || representativeId === undefined) return;
    await userMade(this.administrator, representativeId, ({ info }) => (info as Fields)['archived'] === true);
  }

  /** What policies promise, said in another way than Rapport does. */
  #isSeen({ name, isOwned }: Kind, place: Place): boolean {
    const reach = Math.max(
      0,
      ...this.plan.roles
        .flat()
        .filter(({ object, action }) => [name, '*'].includes(object) && ['read', '*'].includes(action))
        .map(({ scope }) => scopes.indexOf(scope as never)),
    );
    if (reach === 4) return true;
    if (!isOwned || reach === 0) return false;
    const { teams } = this.plan;
    const isOwn = teams.includes(place as never);
    const isBelow = isOwn || (place === 'coast' && teams.includes('west'));
    return place === 'mine' || place === 'shared' || (reach >= 2 && isOwn) || (reach >= 3 && isBelow);
  }

  #body(kind: Kind, place: Place, record: { isSeen: boolean; word: string; index: number }): object {
    const hidden = (path: string, of: string): boolean =>
      this.plan.fields.some(
        ({ object, field, access }) => object === of && access === 'hidden' && `${path}.`.startsWith(`${field}.`),
      );
    const isShown = (path: string): boolean =>
      shownAs(kind.name).some(
        ({ as, fields }) =>
          this.#isSeen(kindNamed(as), place) && !hidden(path, as) && (fields === undefined || fields.includes(path)),
      );
    const belonging = kind.isOwned && {
      ...(place === 'mine' && { ownerId: this.#owner }),
      ...(this.#teams[place] !== undefined && { teamId: this.#teams[place] }),
      ...(place === 'shared' && {
        shares: [{ userId: this.#userId, access: record.index % 2 === 0 ? 'read' : 'edit' }],
      }),
    };
    const written = (path: string) => (isShown(path) ? 'seen' : `unseen-${this.side}`);
    const said = this.#values(kind.shape, '', { ...record, written });
    return {
      ...(kind.name === 'activity' ? this.#task(said, record.index) : said),
      ...belonging,
      ...SOUND[kind.name]?.(record.word),
    };
  }

  /** An activity of one kind has not what those of others have. It speaks of records in sight and out of it. */
  #task({ subject, text, tags, dueOn, priority }: Fields, index: number): object {
    const related = ['contact', 'opportunity', 'lead'].map((kind) => ({ kind, id: this.#target(kind, index) }));
    return { kind: 'task', subject, text, tags, dueOn, priority, related };
  }

  #values(shape: MessageShape, within: string, record: Written): Fields {
    const entries = shape.fields
      .filter(({ rules, name }) => !rules.outputOnly && !['ownerId', 'teamId', 'parentId'].includes(name))
      .map((field) => [field.name, this.#value(field, within + field.name, record)] as const);
    return Object.fromEntries(entries.filter(([, value]) => value !== undefined)) as unknown as Fields;
  }

  #value(field: FieldShape, path: string, record: Written): unknown {
    const { kind, message, repeated, map, name, rules } = field;
    if (map || kind === 'boolean') return undefined;
    if (message && message.name !== 'Money' && repeated)
      return rules.required ? [this.#values(message, `${path}.`, STAGE)] : undefined;
    const word = record.written(path);
    const number = (word === 'seen' ? 1 : word === 'unseen-a' ? 3 : 5) + record.index;
    if (message?.name === 'Money')
      return { minor: number * 100, currency: number % 2 === 0 || word === 'seen' ? 'USD' : 'EUR' };
    if (message) return this.#values(message, `${path}.`, record);
    if (kind === 'integer' || kind === 'number') return Math.max(rules.minimum ?? 0, 0) + number;
    if (rules.format === 'uuid') return repeated ? undefined : this.#target(namedBy(field), record.index);
    const text = textFor(field, `${word} ${record.word}`, number);
    return text === undefined
      ? undefined
      : repeated
        ? [text]
        : name === 'stage' || name === 'locale'
          ? undefined
          : text;
  }

  /** Some that are seen speak of some that are not. */
  #target(kind: string, index: number): string | undefined {
    const ids = this.#ids.get(kind);
    return ids?.[(index + 1) % ids.length];
  }

  /** Names come from one context to another in their own time. */
  async #settle(): Promise<void> {
    const named = async (): Promise<boolean> => {
      const { data } = await this.administrator.get<List<Fields>>('/v1/opportunities?filter=accountId:*&limit=200');
      return data.every(({ accountName }) => accountName !== undefined);
    };
    await eventually(named);
    const [ownerId] = this.#ids.get('user')!.slice(-1);
    // Refused for its name, once sales has heard of the last of all users.
    const refused = () => problemOf(this.administrator.post('/v1/opportunities', { name: ' ', ownerId }));
    await eventually(refused, ({ code }) => code !== 'representative-not-found');
    await this.#fieldsHeard();
    // Lists show to the reader what the administrator sees in them.
    for (const { path } of kinds) await this.administrator.get(path);
  }

  /** Sales hears of fields of opportunities in its own time, and says which there are. */
  async #fieldsHeard(): Promise<void> {
    const { data } = await this.administrator.get<List<Fields>>('/v1/fields?filter=object%3Dopportunity&limit=200');
    for (const { key } of data) {
      const filter = encodeURIComponent(`custom.${key as string}:*`);
      const asked = () => this.administrator.fetch('GET', `/v1/opportunities?filter=${filter}`);
      await eventually(asked, ({ status }) => status === 200);
    }
  }
}

const kindNamed = (name: string): Kind => kinds.find((kind) => kind.name === name)!;

interface Shown {
  /** As a record of which kind. */
  readonly as: string;
  /** Of these fields alone. */
  readonly fields?: readonly string[];
}

/** A representative is a user as well, who says some of the same. */
const shownAs = (kind: string): readonly Shown[] =>
  kind === 'representative' ? [{ as: kind }, { as: 'user', fields: ['name', 'externalId'] }] : [{ as: kind }];

/** What a kind of record needs that its message does not tell. */
const SOUND: Readonly<Record<string, (word: string) => object>> = {
  // Whoever consents is written to.
  form: (word) => ({ fields: [{ field: 'email', label: `Address ${word}` }] }),
  // That one is converted is not said by whoever writes it.
  lead: () => ({ status: 'working' }),
  // Only what is won is closed.
  opportunity: () => ({ forecastCategory: 'commit' }),
  field: (word) => ({ key: `field${word.replaceAll(' ', '')}`, kind: 'text', refersTo: undefined }),
};

interface Written {
  readonly word: string;
  readonly index: number;
  readonly written: (path: string) => string;
}

/** Stages show through opportunities that stand in them. */
const STAGE: Written = { word: 'stage', index: 1, written: () => 'seen' };

const textFor = ({ rules, kind }: FieldShape, text: string, number: number): string | undefined => {
  if (kind !== 'string') return undefined;
  if (rules.in.length > 0) return rules.in[number % rules.in.length];
  if (rules.format === 'email') return `${text.replaceAll(' ', '.')}@example.com`;
  if (rules.format === 'phone') return `+1 212 555 01${String(number).padStart(2, '0')}`;
  if (rules.format === 'date') return `2030-01-${String(number).padStart(2, '0')}`;
  if (rules.format === 'currency') return 'USD';
  if (rules.pattern !== '' || rules.example.includes('/')) return rules.example || undefined;
  return rules.format === '' ? text.slice(0, rules.maxLength || 100) : undefined;
};
