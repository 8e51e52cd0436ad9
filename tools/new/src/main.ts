import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { contexts } from '@rapport/contexts';
import { writeListings } from './lists/write-listings.js';
import { newContext } from './new-context.js';
import { newRecord } from './new-record.js';
import { Refusal } from './refusal.js';

const USAGE = `npm run new:context -- <name>                                 a context: tickets
npm run new:record -- <context> <name> [--plural <name>]      a kind of record: tickets ticket
npm run contexts [-- --check]                                 brings what lists the contexts up to date`;

const root = join(import.meta.dirname, '..', '..', '..');

const run = async (): Promise<string> => {
  const { values, positionals } = parsed();
  const [command, first = '', second = ''] = positionals;
  if (command === 'contexts') return listed(values.check ?? false);
  if (command === 'context' && positionals.length === 2)
    return told(await newContext(root, first, contexts), 'npm run docs');
  if (command === 'record' && positionals.length === 3)
    return told(
      await newRecord(root, { context: first, aggregate: second, plural: values.plural }, contexts),
      'RAPPORT_WRITE_GOLDEN=1 npm run test:only -- tests/golden',
    );
  throw new Refusal(USAGE);
};

const parsed = () => {
  try {
    const options = { check: { type: 'boolean' }, plural: { type: 'string' } } as const;
    return parseArgs({ args: process.argv.slice(2), options, allowPositionals: true });
  } catch (failure) {
    throw new Refusal(`${(failure as Error).message}\n\n${USAGE}`);
  }
};

const listed = (check: boolean): string => {
  const behind = writeListings(root, contexts, check ? 'check' : 'write');
  if (check && behind.length > 0) throw new Refusal(`${behind.join(', ')}: not every context. Run: npm run contexts`);
  return behind.map((file) => `${file} did not list every context.`).join('\n');
};

const told = (files: readonly string[], next: string): string =>
  `${files.join('\n')}\n\nNext: npm run build, then ${next}. See docs/add-a-record.md.`;

try {
  const said = await run();
  if (said !== '') console.log(said);
} catch (failure) {
  if (!(failure instanceof Refusal)) throw failure;
  console.error(failure.message);
  process.exitCode = 1;
}
