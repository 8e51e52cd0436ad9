import { capitalized } from '../names.js';

/** Files of a context that has no records yet, by path; `manifest` is another context's, whose packages it needs too. */
export const contextFiles = (name: string, title: string, from: ContextFrom): Readonly<Record<string, string>> => {
  const folder = `services/${name}`;
  return {
    [`${folder}/package.json`]: manifest(from.manifest, name),
    [`${folder}/project.json`]: from.project.replaceAll(from.name, name),
    [`${folder}/tsconfig.json`]: from.tsconfig,
    [`${folder}/src/index.ts`]: `export { ${name}Module, ${name}Service } from './${name}.module.js';\n`,
    [`${folder}/src/main.ts`]: program(name),
    [`${folder}/src/${name}.module.ts`]: module(name, title),
    [`proto/rapport/${name}/v1/${name}_events.proto`]: events(name),
    [`docs/${name}.md`]: page(name, title),
  };
};

/** A context that is there already. */
export interface ContextFrom {
  readonly name: string;
  readonly manifest: string;
  readonly project: string;
  readonly tsconfig: string;
}

const manifest = (from: string, name: string): string => {
  const parsed = JSON.parse(from) as object;
  const own = { name: `@rapport/${name}`, description: `The ${name} context` };
  return JSON.stringify({ ...parsed, ...own }, null, 2);
};

const program = (name: string): string => `
import { openEngines, openHealth, runProcess, serveContext, serviceSettings } from '@rapport/distributed';
import { ${name}Module } from './${name}.module.js';

/** The ${name} context as a process of its own: config → engines → module → listen, until somebody says stop. */
await runProcess('${name}', serviceSettings, async (running, config) => {
  const health = await openHealth(running, config);
  const engines = await openEngines(running, config);
  await serveContext(running, ${name}Module(engines), config, health);
});
`;

const module = (name: string, title: string): string => `
import type { DynamicModule } from '@nestjs/common';
import { importsV1 } from '@rapport/contracts';
import {
  importCatalogue,
  importProjections,
  importPurposes,
  IMPORTS_API,
  personalImportFields,
  provideImports,
} from '@rapport/imports';
import { defineService, type Engines, serviceModule } from '@rapport/service-kit';

/** ${title}: everything this service does, by name. */
export const ${name}Service = defineService({
  context: '${name}',
  aggregates: {},
  catalogue: importCatalogue,
  personal: personalImportFields,
  purposes: importPurposes,
  projections: importProjections,
});

export const ${name}Module = (engines: Engines): DynamicModule =>
  serviceModule(${name}Service, engines, {
    handlers: { [importsV1.ImportsServiceDefinition.fullName]: IMPORTS_API },
    providers: [...provideImports()],
  });
`;

const events = (name: string): string => `syntax = "proto3";

// What the ${name} context publishes, on topic rapport.${name}.v1. The message's name is the event's type.
package rapport.${name}.v1;
`;

const page = (name: string, title: string): string => `# ${title}

The context \`${name}\`. What it has stands in \`services/${name}/src/${name}.module.ts\`, its API in \`proto/rapport/${name}/v1\`.
Others hear of it on the topic \`rapport.${name}.v1\` and in the [feed](feed.md). ${capitalized(name)} may be read with the permission
\`${name}.read\` and changed with \`${name}.write\`; built-in roles that give these are in \`libs/access/src/built-in-roles.ts\`.
`;
