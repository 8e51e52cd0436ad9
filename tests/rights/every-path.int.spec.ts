import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { routerPath } from '@rapport/gateway';
import fc from 'fast-check';
import { Rapport } from '../journeys/support/index.js';
import { inside, kinds, pathNamed, paths } from './contract-paths.js';
import { type DrawnRequest, fieldsIn, requestTo } from './drawn-request.js';
import { askIn, type Told } from './told.js';
import { type Plan, scopes, World } from './world.js';

/** Another one: `RAPPORT_SEED=1 npm run test:only -- tests/rights`; more runs with `RAPPORT_RUNS`. */
const seed = Number(process.env['RAPPORT_SEED'] ?? 20_260_101);
const numRuns = Number(process.env['RAPPORT_RUNS'] ?? 10);

/** Doors with protocols of their own, and pages that are the same for everybody: declared in no contract. */
const DOORS =
  /^(GET|HEAD|OPTIONS|POST|DELETE)(,\w+)* \/(|\*|v1\/(me|openapi\.json|sessions|sessions\/current|passwords|password-resets|passkey-challenges|public\/forms\/:key)|scim\/v2(\/\*)?|(docs|sign-in|account|problems|receipts|schemas|subscribe|unsubscribe)(\/.*)?|(openapi|asyncapi)\.json|consent-requests|healthz|readyz|metrics)$/;

/** Needs more than roles: a password, an erasure, a file, somebody who leaves, a view of one's own, the right to say what every role says; or a grant that is drawn for nobody. */
const RARELY =
  /second-factor|passkeys|erasure|retention|workspace|imports|audit|people|handovers|views|access\/:object/;

/** What these answer is about the installation, or about everybody who uses it, not about records: all that counts is who may ask. */
const ofInstallation = ({ to }: DrawnRequest): boolean =>
  /^(operations|audit)\./.test(pathNamed(to).method.permission ?? '');

let rapport: Rapport;
beforeAll(async () => {
  rapport = await Rapport.start();
});
afterAll(() => rapport.stop());

const names = kinds.map(({ name }) => name);
const OTHERS = ['event', 'import', 'report', 'apiKey', 'operation', 'tenant'];
const aGrant = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      // Often all kinds at once: what needs all of one is then answered in some of few runs.
      object: fc.oneof({ weight: 1, arbitrary: fc.constant('*') }, { weight: 2, arbitrary: fc.constantFrom(...names) }),
      action: fc.constant('read'),
      scope: fc.constantFrom(...scopes),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      object: fc.constantFrom(...kinds.filter(({ isOwned }) => isOwned).map(({ name }) => name)),
      action: fc.constantFrom('create', 'edit', 'delete', 'transfer', 'share', 'import', 'erase'),
      scope: fc.constantFrom(...scopes),
    }),
  },
);
/** A way in everywhere, so that refusals at the door do not answer for what lies behind. */
const WAY_IN = OTHERS.map((object) => ({ object, action: 'read', scope: 'own' }));
const once = <T extends object>(key: (each: T) => string) => ({ maxLength: 8, selector: key });
const aField = fc
  .constantFrom(...kinds.flatMap(({ name, shape }) => fieldsIn(shape).map((field) => ({ object: name, field }))))
  .filter(({ field }) => field !== 'id')
  .chain((field) => fc.constantFrom('hidden', 'read').map((access) => ({ ...field, access })));
const plans: fc.Arbitrary<Plan> = fc.record({
  roles: fc.array(
    fc
      .uniqueArray(aGrant, {
        minLength: 3,
        ...once(({ object, action }: { object: string; action: string }) => `${object} ${action}`),
      })
      .map((grants) => [...grants, ...WAY_IN]),
    { minLength: 1, maxLength: 2 },
  ),
  fields: fc.uniqueArray(
    aField,
    once(({ object, field }: { object: string; field: string }) => `${object} ${field}`),
  ),
  teams: fc.subarray(['west', 'coast', 'east'] as const),
  more: fc.record({ a: fc.nat({ max: 2 }), b: fc.nat({ max: 2 }) }),
});
const reads = fc.tuple(
  ...paths
    .filter(({ isRead }) => isRead)
    .flatMap((path) => Array.from({ length: path.binding.path.variables.length > 0 ? 3 : 2 }, () => requestTo(path))),
);
/** Whatever cannot be asked for stops the test here: {@link Unclassified}. */
const writes = fc.array(fc.oneof(...paths.filter(({ isRead }) => !isRead).map(requestTo)), {
  minLength: 20,
  maxLength: 30,
});

describe('the contract', () => {
  it('has no path that is not asked here, and the gateway serves no other', () => {
    const asked = new Set(paths.map(({ binding }) => `${binding.httpMethod} ${routerPath(binding.path)}`));
    const others = rapport.routes.filter((route) => !asked.has(route.replace(/^HEAD /, 'GET ')) && !DOORS.test(route));
    expect(others).toEqual([]);
    for (const path of asked) expect(rapport.routes).toContain(path);
  });

  it('says of what has no path that the gateway alone calls it', () => {
    const permissions = new Set(inside.map(({ permission }) => permission));
    expect([...permissions].sort()).toEqual([
      'audit.note',
      'credentials.read',
      'events.read',
      'privacy.erase',
      'provisioning.write',
      // Whoever is signed in searches: what is found is what the own scope shows.
      'self.read',
    ]);
  });
});

describe('two worlds that differ only in what somebody does not see', () => {
  const answered = new Map<string, number>();
  let run = 0;

  it(`answer alike, whatever is asked (seed ${seed})`, async () => {
    const drawn = fc.record({ plan: plans, before: reads, writes, after: reads });
    await fc.assert(
      fc.asyncProperty(drawn, async ({ plan, before, writes, after }) => {
        run += 1;
        const [a, b] = await Promise.all(
          (['a', 'b'] as const).map((side) => World.make(rapport.api, `world_${side}_${run}`, side, plan)),
        );
        for (const request of [...before, ...writes, ...after].map(settled)) {
          const { to: name } = request;
          const [inA, inB] = [await askIn(a!, request), await askIn(b!, request)];
          const told = (all: Told) => ({
            name,
            request: shown(request),
            ...(ofInstallation(request) ? { status: all.status } : all),
          });
          expect(told(inA)).toEqual(told(inB));
          if (inA.status < 300) answered.set(name, (answered.get(name) ?? 0) + 1);
          if (inA.status >= 500) throw new Error(`${name} failed: ${inA.body.join()}`);
        }
      }),
      { numRuns, seed, endOnFailure: true },
    );
    const silent = paths.filter(({ isRead, name }) => isRead && !answered.has(name)).map(({ name }) => name);
    expect(silent.filter((name) => !RARELY.test(name))).toEqual([]);
  }, 600_000);
});

/** Built-in roles have ids that follow from their tenant's name, by which those that are equal otherwise are sorted. */
const settled = (request: DrawnRequest): DrawnRequest =>
  request.to === 'GET /v1/roles' ? { ...request, parameters: { ...request.parameters, sort: undefined } } : request;

const shown = ({ parameters, body }: DrawnRequest): string => JSON.stringify({ parameters, body });
