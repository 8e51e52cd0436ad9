import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { benches } from './benches.js';
import { optionsOf, usageOf, type Options } from './options.js';
import { machineFacts } from './report/machine.js';
import { pageOf } from './report/page.js';
import { linesOf } from './report/table.js';
import type { Row } from './row.js';
import { Workplace } from './workplace/workplace.js';

/** What has not begun by then is left out, so that a run on a slow machine ends too. */
const BEGIN_WITHIN_MILLISECONDS = 5 * 60_000;

const names = benches.map(({ name }) => name);

/** Takes the measurements one after the other. Slowness fails nothing; what breaks does, once the others are taken. */
const main = async (args: readonly string[], options: Options): Promise<void> => {
  const workplace = new Workplace(options.quick);
  const machine = machineFacts(workplace.root);
  const say = (text: string): void => void (options.json || console.log(text));
  for (const [name, text] of Object.entries(machine)) say(`${name}: ${text}`);
  const rows: Row[] = [];
  for (const bench of benches) {
    if (options.only !== undefined && options.only !== bench.name) continue;
    if (performance.now() > BEGIN_WITHIN_MILLISECONDS) {
      rows.push({ what: bench.name, figure: 'not measured: the run took too long', limit: '', aim: '', notes: [] });
      continue;
    }
    try {
      const measured = await bench.measure(workplace);
      rows.push(...measured);
      for (const row of measured) say(`\n${linesOf(row)}`);
    } catch (broken) {
      console.error(`\n${bench.name} broke.`, broken);
      process.exitCode = 1;
    }
  }
  await workplace.close();
  if (options.json) console.log(JSON.stringify({ machine, rows }, null, 2));
  if (options.write && process.exitCode !== 1)
    write(pageOf(rows, machine, args.length === 0 ? 'npm run bench' : `npm run bench -- ${args.join(' ')}`));
};

const write = (page: string): void => {
  const file = resolve(join(import.meta.dirname, '../../../docs/benchmarks.md'));
  writeFileSync(file, page);
};

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));

const args = process.argv.slice(2);
let options: Options;
try {
  options = optionsOf(args, names);
} catch (problem) {
  console.error(`${(problem as Error).message}\n\n${usageOf(names)}`);
  process.exit(2);
}
await main(args, options);
// Kept-alive connections would hold the process up; what is open here is temporary.
process.exit();
