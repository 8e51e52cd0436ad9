import type { ContextEntry } from '@rapport/contexts';
import { checkContext } from './allowed-names.js';
import { Draft } from './draft.js';
import { CONTEXTS_LIST, withContext } from './edits/contexts-list.js';
import { CONTEXT_MODULES, withContextModule } from './edits/modules.js';
import { withWorkspaces } from './edits/package-lock.js';
import { withPage } from './edits/pages.js';
import { listings } from './lists/listings.js';
import { capitalized } from './names.js';
import { contextFiles } from './skeletons/context.js';

const INSTALLED = 'node_modules/.package-lock.json';

/** Writes a context without records: it builds, runs and passes its tests. @throws Refusal */
export const newContext = async (
  root: string,
  name: string,
  contexts: readonly ContextEntry[],
): Promise<readonly string[]> => {
  const draft = new Draft(root);
  checkContext(name, contexts, draft);
  const title = capitalized(name);
  const port = Math.max(...contexts.map((context) => context.port)) + 1;
  const entry: ContextEntry = { name, title, aggregates: [], importKinds: [], port };
  for (const [file, text] of Object.entries(contextFiles(name, title, alike(draft, contexts)))) draft.write(file, text);
  draft.edit(CONTEXTS_LIST, (text) => withContext(text, entry));
  draft.edit(CONTEXT_MODULES, (text) => withContextModule(text, name));
  for (const { file, written } of listings) draft.edit(file, (text) => written(text, [...contexts, entry]));
  draft.edit('docs/README.md', (text) => withPage(text, title, `${name}.md`, `the context ${name}`));
  install(draft, name);
  return draft.apply();
};

/** The newest context tells what packages a context needs. */
const alike = (draft: Draft, contexts: readonly ContextEntry[]) => {
  const { name } = contexts.at(-1)!;
  const read = (file: string): string => draft.read(`services/${name}/${file}`);
  return { name, manifest: read('package.json'), project: read('project.json'), tsconfig: read('tsconfig.json') };
};

/** As npm would note it, so that nothing has to be installed anew. */
const install = (draft: Draft, name: string): void => {
  const folders = [`services/${name}`, 'services/standalone'];
  const manifests = Object.fromEntries(folders.map((folder) => [folder, draft.read(`${folder}/package.json`)]));
  draft.edit('package-lock.json', (text) => withWorkspaces(text, manifests));
  if (!draft.exists(INSTALLED)) return;
  draft.edit(INSTALLED, (text) => withWorkspaces(text, manifests));
  draft.link(`node_modules/@rapport/${name}`, `services/${name}`);
};
