import type { ContextEntry } from '@rapport/contexts';
import { checkRecord } from './allowed-names.js';
import { Draft } from './draft.js';
import { CONTEXTS_LIST, withAggregate } from './edits/contexts-list.js';
import { withRecord } from './edits/modules.js';
import { withWord } from './edits/pages.js';
import { capitalized, recordNames } from './names.js';
import { Refusal } from './refusal.js';
import { aggregateFile, aggregateSpec, recordFile } from './skeletons/record.js';
import { recordContract, recordEvents } from './skeletons/record-contract.js';

export interface RecordOrder {
  readonly context: string;
  /** `ticket`, `priceBook` */
  readonly aggregate: string;
  readonly plural?: string | undefined;
}

/** Writes a plain kind of record into a context. @throws Refusal */
export const newRecord = async (
  root: string,
  { context: name, aggregate, plural }: RecordOrder,
  contexts: readonly ContextEntry[],
): Promise<readonly string[]> => {
  const context = contexts.find((known) => known.name === name);
  if (!context)
    throw new Refusal(`There is no context "${name}"; there are ${contexts.map((each) => each.name).join(', ')}.`);
  const draft = new Draft(root);
  const names = recordNames(aggregate, plural);
  checkRecord(context, names, contexts, draft);
  const { one, many, indefinite } = names;
  const [proto, source] = [`proto/rapport/${name}/v1`, `services/${name}/src`];
  draft.write(`${proto}/${one.snake}.proto`, recordContract(name, names));
  draft.edit(`${proto}/${name}_events.proto`, (text) =>
    withEvents(text, `rapport/${name}/v1/${one.snake}.proto`, recordEvents(names)),
  );
  draft.write(`${source}/domain/${one.kebab}/${one.kebab}.ts`, aggregateFile(names));
  draft.write(`${source}/domain/${one.kebab}/${one.kebab}.spec.ts`, aggregateSpec(names));
  draft.write(`${source}/records/${many.kebab}.ts`, recordFile(name, names));
  const module = `${source}/${name}.module.ts`;
  draft.edit(module, (text) => withRecord(text, one.camel, { name: many.camel, file: many.kebab }, module));
  draft.edit(CONTEXTS_LIST, (text) => withAggregate(text, name, one.camel, many.kebab));
  draft.edit('docs/glossary.md', (text) => withWord(text, capitalized(one.words), `${indefinite}, in ${name}`));
  return draft.apply();
};

/** Behind those that are there; the import in its place. */
const withEvents = (text: string, imported: string, events: string): string => {
  const line = `import "${imported}";`;
  const imports = text.match(/^import .*;$/gm) ?? [];
  const wanted = [...imports, line].sort().join('\n');
  const head =
    imports.length === 0 ? text.trimEnd() + `\n\n${wanted}\n` : text.replace(/^import [\s\S]*?;$(?=\n\n)/m, wanted);
  return `${head.trimEnd()}\n${events}`;
};
