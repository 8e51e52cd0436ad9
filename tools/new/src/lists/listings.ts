import { addressVariable, type ContextEntry } from '@rapport/contexts';
import { withDependencies, withReferences } from './manifests.js';
import { withBlock } from './marked-block.js';

/** A file that lists the contexts and cannot read the list itself. */
export interface Listing {
  /** From the root of the repository. */
  readonly file: string;
  /** What it has to say about these contexts. */
  readonly written: (text: string, contexts: readonly ContextEntry[]) => string;
}

/** Where contexts take calls in containers of their own. */
const PORT = 50_051;

const compose: Listing = {
  file: 'docker-compose.yml',
  written(text, contexts) {
    const addresses = contexts.map(({ name }) => `${addressVariable(name)}: ${name}:${PORT}`);
    const needs = contexts.map(({ name }) => `${name}: { condition: service_healthy }`);
    const services = contexts.flatMap(({ name }) => [
      `${name}:`,
      '  <<: *context',
      `  image: rapport/${name}:0.1.0`,
      `  build: { <<: *build, args: { PROGRAM: services/${name} } }`,
    ]);
    return withBlock(withBlock(withBlock(text, 'addresses', addresses), 'needs', needs), 'contexts', services);
  },
};

const prometheus: Listing = {
  file: 'infra/prometheus/prometheus.yml',
  written: (text, contexts) =>
    withBlock(
      text,
      'names',
      contexts.map(({ name }) => `- ${name}`),
    ),
};

const references = (file: string, folder: string): Listing => ({
  file,
  written: (text, contexts) =>
    withReferences(
      text,
      contexts.map(({ name }) => `${folder}/${name}`),
    ),
});

const standalone: Listing = {
  file: 'services/standalone/package.json',
  written: (text, contexts) =>
    withDependencies(
      text,
      contexts.map(({ name }) => `@rapport/${name}`),
    ),
};

/** All of them. */
export const listings: readonly Listing[] = [
  compose,
  prometheus,
  standalone,
  references('services/standalone/tsconfig.json', '..'),
  references('tsconfig.json', 'services'),
];
