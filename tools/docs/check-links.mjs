import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { headingsOf, linksIn, mentionsIn } from './markdown.mjs';
import { filesBelow } from './repository-files.mjs';

/** node tools/docs/check-links.mjs: what the pages link to, and the files and functions they name, must be there. */
const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const files = filesBelow(root);
const known = new Set(files);
const problems = [];

for (const page of files.filter((path) => path.endsWith('.md'))) {
  const lines = read(page).split('\n');
  const complainAt = (line) => (what) => problems.push(`${page}:${line}: ${what}`);
  lines.forEach((line, index) => linksIn(line).forEach((link) => checkLink(page, link, complainAt(index + 1))));
  for (const mention of mentionsIn(lines)) checkMention(mention, complainAt(mention.line));
}

for (const problem of problems) console.error(problem);
if (problems.length === 0) console.log('Every link, file and function that the pages name is there.');
process.exitCode = problems.length === 0 ? 0 : 1;

function checkLink(page, link, complain) {
  const [path, anchor] = link.split('#');
  const target = path === '' ? page : posix.normalize(posix.join(posix.dirname(page), path)).replace(/\/$/, '');
  if (!known.has(target)) complain(`there is no ${target} to link to`);
  else if (anchor && !headingsOf(read(target)).has(anchor)) complain(`${target} has no heading #${anchor}`);
}

/** A path from the root must be there; a shorter one must be the end of some file's path. */
function checkMention({ path, names }, complain) {
  const found = existsSync(join(root, path)) ? path : files.find((file) => file.endsWith(`/${path}`));
  if (!found) return complain(`there is no file ${path}`);
  const text = names.length > 0 ? read(found) : '';
  for (const name of names) if (!declares(text, name)) complain(`${found} declares no ${name}`);
}

function declares(text, name) {
  return new RegExp(`(^|[^.\\w])#?${name}\\s*(=|\\(|<|:|\\{|extends|implements)`, 'm').test(text);
}

function read(path) {
  return readFileSync(join(root, path), 'utf8');
}
