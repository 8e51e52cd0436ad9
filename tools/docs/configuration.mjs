import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { format, resolveConfig } from 'prettier';

/** node tools/docs/configuration.mjs [--check]: the table in docs/configuration.md from the settings themselves. Build first. */
const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const load = (...path) => import(pathToFileURL(join(root, ...path)).href);
// Defaults that are paths are told from where Rapport is started.
process.chdir(root);
const { standaloneSettings } = await load('services', 'standalone', 'dist', 'settings.js');
const { describeConfig } = await load('libs', 'config', 'dist', 'index.js');

const page = join(root, 'docs', 'configuration.md');
const [BEGIN, END] = ['<!-- made by tools/docs/configuration.mjs -->', '<!-- end -->'];
const present = readFileSync(page, 'utf8');
const rows = describeConfig(standaloneSettings).map(row);
const table = ['| Variable | What it sets | Allowed | Default |', '|---|---|---|---|', ...rows];
const [before, rest] = present.split(BEGIN);
const draft = `${before}${BEGIN}\n\n${table.join('\n')}\n\n${END}${rest.split(END)[1]}`;
const wanted = await format(draft, { ...(await resolveConfig(page)), filepath: page });

if (wanted === present) console.log('docs/configuration.md is up to date.');
else if (!process.argv.includes('--check')) writeFileSync(page, wanted);
else {
  console.error('docs/configuration.md has fallen behind the settings. Run: npm run docs');
  process.exitCode = 1;
}

function row({ variable, description, allowed, default: standard }) {
  const shown = standard.startsWith(root) ? relative(root, standard) : standard;
  return `| \`${variable}\` | ${description.replaceAll('<', '&lt;')} | ${allowed} | ${shown === '' ? '' : `\`${shown}\``} |`;
}
