import type { ContextEntry } from '@rapport/contexts';
import { Refusal } from '../refusal.js';

export const CONTEXTS_LIST = 'libs/contexts/src/contexts.ts';

const END = '] as const satisfies readonly ContextEntry[];';

/** The list with one more context. */
export const withContext = (text: string, { name, title, port }: ContextEntry): string => {
  const entry = `  {\n    name: '${name}',\n    title: '${title}',\n    aggregates: [],\n    importKinds: [],\n    port: ${grouped(port)},\n  },\n`;
  return replaced(text, END, entry + END);
};

/** The list with one more aggregate of a context, and the kind of import that it is. */
export const withAggregate = (text: string, context: string, aggregate: string, importKind: string): string => {
  const begin = text.indexOf(`name: '${context}',`);
  const end = text.indexOf('\n  },', begin);
  if (begin === -1 || end === -1) throw unlike();
  const entry = text.slice(begin, end);
  const changed = added(added(entry, 'aggregates', aggregate), 'importKinds', importKind);
  return text.slice(0, begin) + changed + text.slice(end);
};

const added = (entry: string, list: string, name: string): string => {
  const found = new RegExp(`${list}: \\[([^\\]]*)\\]`).exec(entry);
  if (!found) throw unlike();
  const names = found[1]!
    .split(',')
    .map((each) => each.trim())
    .filter(Boolean);
  return entry.replace(found[0], `${list}: [${[...names, `'${name}'`].join(', ')}]`);
};

const replaced = (text: string, part: string, by: string): string => {
  if (!text.includes(part)) throw unlike();
  return text.replace(part, by);
};

const grouped = (port: number): string => String(port).replace(/(?=(?:\d{3})+$)(?<=\d)/g, '_');

const unlike = (): Refusal => new Refusal(`${CONTEXTS_LIST} does not look as it did. Add the entry by hand.`);
