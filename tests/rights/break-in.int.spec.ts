import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { FieldShape, MessageShape } from '@rapport/service-kit';
import { idFrom } from '@rapport/kernel';
import fc from 'fast-check';
import { type Api, Rapport } from '../journeys/support/index.js';
import { type Path, pathNamed, paths } from './contract-paths.js';
import { type DrawnRequest, isUpload, Ref, requestTo } from './drawn-request.js';
import { type Asker, askIn } from './told.js';
import { MISSING, type Plan, World } from './world.js';

/** Whoever sees everything of the own tenant. */
const EVERYTHING: Plan = {
  roles: [[{ object: '*', action: '*', scope: 'all' }]],
  fields: [],
  teams: [],
  more: { a: 0, b: 0 },
};

let rapport: Rapport;
let victim: World;
beforeAll(async () => {
  rapport = await Rapport.start();
  victim = await World.make(rapport.api, 'victim', 'a', EVERYTHING);
});
afterAll(() => rapport.stop());

/** Some of what can be asked of a path, always the same. */
const some = (path: Path, numRuns: number): readonly DrawnRequest[] =>
  fc.sample(requestTo(path), { numRuns, seed: 42 });

const writes = paths.filter(({ isRead }) => !isRead);

/** Asks with ids of others, or with such as nobody has. */
const askerOf = (reader: Api, tenant: string, real: Asker['real']): Asker => ({
  ...{ reader, tenant, real, labels: new Map(), seeing: {} },
  remember: () => undefined,
});

const hasId = (value: unknown): boolean =>
  value instanceof Ref || (typeof value === 'object' && value !== null && Object.values(value).some(hasId));

/** The same with ids that nobody has; things that are apart there are apart here, too. */
const missingFor = (real: Asker['real']): Asker['real'] => {
  const missing = async (value: unknown, about?: string): Promise<unknown> => {
    if (value instanceof Ref) {
      const id = (await real(value, about)) as string;
      return id === MISSING ? id : idFrom('nobody', id);
    }
    if (Array.isArray(value)) return Promise.all(value.map((each: unknown) => missing(each, about)));
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value).filter(([, each]) => each !== undefined);
    return Object.fromEntries(
      await Promise.all(entries.map(async ([name, each]) => [name, await missing(each, about)])),
    );
  };
  return missing;
};

const theirs: Asker['real'] = (value, about) => victim.real(value, about);

describe('an administrator of another tenant', () => {
  it('is answered for every id of this one, on every path, as for one that nobody has', async () => {
    const reader = await rapport.api.clientFor(['administrator'], 'burglar');
    await reader.post('/v1/pipelines', { name: 'Own', currency: 'USD', stages: [{ name: 'Talks', probability: 5 }] });
    const withTheirs = askerOf(reader, 'burglar', theirs);
    const withNobodys = askerOf(reader, 'burglar', missingFor(theirs));
    const asked = paths
      .flatMap((path) => some(path, 12))
      .filter(({ parameters, body }) => hasId(parameters) || hasId(body));
    for (const request of asked) {
      const told = { to: request.to, request, ...(await askIn(withTheirs, request)) };
      expect(told).toEqual({ to: request.to, request, ...(await askIn(withNobodys, request)) });
    }
    expect(asked.length).toBeGreaterThan(500);
  }, 120_000);

  it('gets no further with cursors and consistency tokens of this one', async () => {
    const reader = await rapport.api.clientFor(['administrator'], 'burglar');
    const token = Object.values(victim.seeing)[0]!;
    for (const path of paths.filter(({ isRead, method }) => isRead && method.request.fields.some(isCursor))) {
      const name = path.method.request.fields.find(isCursor)!.name;
      for (const request of some(path, 4)) {
        const { to, parameters } = request;
        const first = await askIn(
          { ...asVictim(), pages: 1 },
          { ...request, parameters: { ...parameters, limit: 1, filter: undefined, sort: undefined } },
        );
        const cursor = first.next ?? '';
        if (cursor === '') continue;
        const stolen = { ...parameters, limit: 1, filter: undefined, sort: undefined, [name]: cursor };
        const told = await askIn(askerOf(reader, 'burglar', missingFor(theirs)), { ...request, parameters: stolen });
        for (const text of told.body)
          expect({ to, text: text.includes('seen') || text.includes('<victim') }).toEqual({ to, text: false });
      }
    }
    for (const path of paths.filter(({ isRead, binding }) => isRead && binding.path.variables.length === 0)) {
      const [request] = some(path, 1);
      const asker = askerOf(reader, 'burglar', missingFor(theirs));
      expect(await askIn({ ...asker, seeing: { 'rapport-consistency': token } }, request!)).toEqual(
        await askIn(asker, request!),
      );
    }
  }, 120_000);
});

describe('whoever sees a part', () => {
  const OWN: Plan = { ...EVERYTHING, roles: [[{ object: '*', action: '*', scope: 'own' }]] };

  it('is answered for ids out of sight, on every path and in every field, as for such as nobody has', async () => {
    const world = await World.make(rapport.api, 'in_part', 'a', OWN);
    const isOwn = (id: unknown): boolean => /^\S+ (mine|shared|reader)$/.test(world.labels.get(id as string) ?? '');
    const unseen = async (value: unknown): Promise<unknown> => {
      if (value instanceof Ref) {
        const id = value.kind === 'event' ? MISSING : await world.real(value);
        return isOwn(id) ? MISSING : id;
      }
      if (Array.isArray(value)) return Promise.all(value.map(unseen));
      if (typeof value !== 'object' || value === null) return value;
      const entries = Object.entries(value).filter(([, each]) => each !== undefined);
      return Object.fromEntries(await Promise.all(entries.map(async ([name, each]) => [name, await unseen(each)])));
    };
    const seeing = world.seeing;
    const withUnseen = { ...askerOf(world.reader, 'in_part', unseen), seeing };
    const withNobodys = { ...askerOf(world.reader, 'in_part', missingFor(unseen)), seeing };
    const asked = paths
      .flatMap((path) => some(path, 12))
      .map(narrowedByNoId)
      .filter(({ parameters, body }) => hasId(parameters) || hasId(body));
    for (const request of asked) {
      const told = { to: request.to, request, ...(await askIn(withUnseen, request)) };
      expect(told).toEqual({ to: request.to, request, ...(await askIn(withNobodys, request)) });
    }
    expect(asked.length).toBeGreaterThan(500);
  }, 120_000);

  it('refers to nothing that is out of sight', async () => {
    const world = await World.make(rapport.api, 'refers', 'a', OWN);
    const idOf = (label: string): string => [...world.labels].find(([, each]) => each === label)![0];
    const mine = `/v1/contacts/${idOf('contact mine')}`;
    const answered = async (method: 'POST' | 'PATCH', accountId: string): Promise<string> => {
      const path = method === 'POST' ? '/v1/contacts' : mine;
      const response = await world.reader.fetch(method, path, { body: { accountId, lastName: 'Seen' } });
      const told = (await response.text()).replaceAll(accountId, '<id>');
      return `${response.status} ${told.replace(/"correlationId":"[^"]*"/, '')}`;
    };
    for (const method of ['POST', 'PATCH'] as const) {
      const missing = await answered(method, MISSING);
      expect(missing).toMatch(/^400 .*account-not-found/);
      for (const place of ['coast', 'east', 'nobodys'])
        expect(await answered(method, idOf(`account ${place}`))).toBe(missing);
      expect(await answered(method, idOf('account mine'))).toMatch(/^20/);
    }
  }, 60_000);
});

/** Records in sight say what they refer to by its id, so that lists and figures of them may be narrowed by one out of sight. */
const narrowedByNoId = (request: DrawnRequest): DrawnRequest => {
  const { isRead, binding } = pathNamed(request.to);
  if (!isRead) return request;
  const isOfPath = ([name, value]: readonly [string, unknown]): boolean =>
    binding.path.variables.includes(name) || !hasId(value);
  return { ...request, parameters: Object.fromEntries(Object.entries(request.parameters).filter(isOfPath)) };
};

const isCursor = ({ name }: FieldShape): boolean => name === 'cursor' || name === 'after';

const asVictim = (): Asker => ({
  ...askerOf(victim.reader, 'victim', (value, about) => victim.real(value, about)),
  seeing: victim.seeing,
});

describe('a key that makes a request repeatable', () => {
  it('is of whoever used it first, on every path, and gives others nothing', async () => {
    const world = await World.make(rapport.api, 'keys', 'a', {
      ...EVERYTHING,
      roles: [[{ object: 'event', action: 'read', scope: 'own' }]],
    });
    const other = {
      ...askerOf(world.reader, 'keys', (value, about) => world.real(value, about)),
      seeing: world.seeing,
    };
    const first = { ...other, reader: world.administrator };
    for (const request of writes.flatMap((path) => some(path, 2))) {
      const key = `shared-${request.to.replaceAll(' ', '-')}`;
      await askIn({ ...first, seeing: { 'idempotency-key': key } }, request);
      const withTheirs = await askIn({ ...other, seeing: { 'idempotency-key': key } }, request);
      expect({ request, ...withTheirs }).toEqual({ request, ...(await askIn(other, request)) });
    }
  }, 120_000);
});

describe('what Rapport says of a record itself', () => {
  it('is nobody else’s to say, on every path that takes a record', async () => {
    const refused: string[] = [];
    for (const path of writes.filter((each) => !isUpload(each))) {
      const shape = bodyOf(path);
      for (const { name } of shape?.fields.filter(({ rules }) => rules.outputOnly) ?? []) {
        const [request] = some(path, 1);
        const body = { ...(request!.body as object), [name]: name === 'info' ? { revision: 7 } : 'forged' };
        const { status } = await askIn(asVictim(), { ...request!, body });
        refused.push(`${path.name} ${name}`);
        expect({ path: path.name, name, status }).toEqual({ path: path.name, name, status: 400 });
      }
    }
    expect(refused.length).toBeGreaterThan(40);
  }, 120_000);
});

const bodyOf = ({ method, binding }: Path): MessageShape | undefined =>
  binding.body === '*' ? method.request : method.request.fields.find(({ name }) => name === binding.body)?.message;
