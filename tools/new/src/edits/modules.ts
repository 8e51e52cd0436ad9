import { Refusal } from '../refusal.js';

export const CONTEXT_MODULES = 'services/standalone/src/context-modules.ts';

/** The map of the contexts' code with one more. */
export const withContextModule = (text: string, name: string): string => {
  const imported = withImport(
    text,
    `import { ${name}Module, ${name}Service } from '@rapport/${name}';`,
    CONTEXT_MODULES,
  );
  return inserted(
    imported,
    'Readonly<Record<ContextName, ContextModule>> = {\n',
    `  ${name}: { service: ${name}Service, module: ${name}Module },\n`,
    CONTEXT_MODULES,
  );
};

/** A context's module with one more kind of record. */
export const withRecord = (
  text: string,
  aggregate: string,
  records: { readonly name: string; readonly file: string },
  path: string,
): string => {
  const line = `import { ${records.name} } from './records/${records.file}.js';`;
  const imported = withImport(withServe(text, path), line, path);
  const open = imported.replace('  aggregates: {},\n', '  aggregates: {\n  },\n');
  return inserted(open, '  aggregates: {\n', `    ${aggregate}: serve(${records.name}),\n`, path);
};

/** The first record of a context is the first that it serves. */
const withServe = (text: string, path: string): string => {
  const found = /import \{([^}]*)\} from '@rapport\/service-kit';/.exec(text);
  if (!found) throw unlike(path);
  const names = found[1]!
    .split(',')
    .map((name) => name.trim())
    .filter(Boolean);
  if (names.includes('serve')) return text;
  return text.replace(found[0], `import { ${[...names, 'serve'].join(', ')} } from '@rapport/service-kit';`);
};

/** After the last import. */
const withImport = (text: string, line: string, path: string): string => {
  const last = [...text.matchAll(/^(?:import [^;]*|\} from [^;]*);\n/gm)].at(-1);
  if (!last) throw unlike(path);
  const end = last.index + last[0].length;
  return `${text.slice(0, end)}${line}\n${text.slice(end)}`;
};

const inserted = (text: string, behind: string, line: string, path: string): string => {
  const at = text.indexOf(behind);
  if (at === -1) throw unlike(path);
  return text.slice(0, at + behind.length) + line + text.slice(at + behind.length);
};

const unlike = (path: string): Refusal => new Refusal(`${path} does not look as it did. Add the line by hand.`);
