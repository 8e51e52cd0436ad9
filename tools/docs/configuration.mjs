import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { format, resolveConfig } from 'prettier';

/** node tools/docs/configuration.mjs [--check]: the tables in docs/configuration.md from the settings themselves. Build first. */
const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const load = (...path) => import(pathToFileURL(join(root, ...path)).href);
// Defaults that are paths are told from where Rapport is started.
process.chdir(root);
const { standaloneSettings } = await load('services', 'standalone', 'dist', 'settings.js');
const { serviceSettings, processSettings, regionSettings } = await load('libs', 'distributed', 'dist', 'settings.js');
const { doorSettings } = await load('services', 'gateway', 'dist', 'gateway-settings.js');
const { contextSettings } = await load('services', 'gateway', 'dist', 'contexts', 'context-settings.js');
const { describeConfig } = await load('libs', 'config', 'dist', 'index.js');

/** By the names that mark their places on the page. */
const programs = {
  standalone: standaloneSettings,
  context: serviceSettings,
  gateway: { ...doorSettings, ...contextSettings, ...regionSettings, ...processSettings },
};

const page = join(root, 'docs', 'configuration.md');
const present = readFileSync(page, 'utf8');
let draft = present;
for (const [program, settings] of Object.entries(programs)) draft = withTable(draft, program, settings);
const wanted = await format(draft, { ...(await resolveConfig(page)), filepath: page });

if (wanted === present) console.log('docs/configuration.md is up to date.');
else if (!process.argv.includes('--check')) writeFileSync(page, wanted);
else {
  console.error('docs/configuration.md has fallen behind the settings. Run: npm run docs');
  process.exitCode = 1;
}

function withTable(text, program, settings) {
  const begin = `<!-- ${program}: made by tools/docs/configuration.mjs -->`;
  const end = '<!-- end -->';
  const [before, rest] = text.split(begin);
  if (rest === undefined) throw new Error(`docs/configuration.md lacks the line ${begin}`);
  const rows = describeConfig(settings).map(row);
  const table = ['| Variable | What it sets | Allowed | Default |', '|---|---|---|---|', ...rows];
  return `${before}${begin}\n\n${table.join('\n')}\n\n${rest.slice(rest.indexOf(end))}`;
}

function row({ variable, description, allowed, default: standard, required }) {
  const shown = standard.startsWith(root) ? relative(root, standard) : standard;
  const fallback = required ? '**must be set**' : shown === '' ? '' : `\`${shown}\``;
  return `| \`${variable}\` | ${description.replaceAll('<', '&lt;')} | ${allowed} | ${fallback} |`;
}
