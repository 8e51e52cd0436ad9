import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { DomainError } from '@rapport/kernel';
import { benches } from './benches.js';
import { distributedBenches } from './distributed/benches.js';
import { Sides } from './distributed/sides.js';
import { largeBenches } from './large/benches.js';
import { optionsOf, usageOf, type Options } from './options.js';
import { machineFacts } from './report/machine.js';
import { pageOf } from './report/page.js';
import { linesOf } from './report/table.js';
import type { Row } from './row.js';
import { take, type Taking } from './take.js';
import { Workplace } from './workplace/workplace.js';

type Facts = Readonly<Record<string, string>>;

const BEGIN_WITHIN_MILLISECONDS = 8 * 60_000;
/** With the engines the whole run is to end within four minutes. */
const DISTRIBUTED_WITHIN_MILLISECONDS = 220_000;

const names = {
  standalone: benches.map(({ name }) => name),
  distributed: distributedBenches.map(({ name }) => name),
  large: largeBenches.map(({ name }) => name),
};

/** Takes the measurements one after the other. Slowness fails nothing; what breaks does, once the others are taken. */
const main = async (args: readonly string[], options: Options): Promise<void> => {
  const workplace = new Workplace(options.quick);
  const say = (text: string): void => void (options.json || console.log(text));
  const tell = (facts: Facts): void => Object.entries(facts).forEach(([name, text]) => say(`${name}: ${text}`));
  const facts = machineFacts(workplace.root);
  tell(facts);
  const taking: Taking = {
    only: options.only,
    beginBy: options.assembly === 'large' ? Infinity : BEGIN_WITHIN_MILLISECONDS,
    took: (row) => say(`\n${linesOf(row)}`),
    broke: (name, failure) => {
      console.error(`\n${name} broke.`, failure);
      process.exitCode = 1;
    },
  };
  const ofOne = options.assembly === 'large' ? largeBenches : benches;
  const [rows, more] = await (options.assembly === 'distributed'
    ? distributed(workplace, taking, tell)
    : take(ofOne, workplace, taking).then((taken) => [taken, {}] as const));
  await workplace.close();
  const machine = { ...facts, ...more };
  if (options.json) console.log(JSON.stringify({ machine, rows }, null, 2));
  if (!options.write || process.exitCode === 1) return;
  const command = ['npm run bench', ...(args.length > 0 ? ['--', ...args] : [])].join(' ');
  write((before) => pageOf({ assembly: options.assembly, rows, machine, command, day: new Date() }, before));
};

const distributed = async (
  workplace: Workplace,
  taking: Taking,
  tell: (facts: Facts) => void,
): Promise<readonly [readonly Row[], Facts]> => {
  await using sides = await Sides.open(workplace);
  tell(sides.facts);
  const endBy = DISTRIBUTED_WITHIN_MILLISECONDS;
  return [await take(distributedBenches, sides, { ...taking, beginBy: endBy, endBy }), sides.facts];
};

const write = (page: (before: string) => string): void => {
  const file = resolve(join(import.meta.dirname, '../../../docs/benchmarks.md'));
  writeFileSync(file, page(existsSync(file) ? readFileSync(file, 'utf8') : ''));
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
try {
  await main(args, options);
} catch (failure) {
  console.error(failure instanceof DomainError ? failure.message : failure);
  process.exitCode = 1;
}
// Kept-alive connections would hold the process up; what is open here is temporary.
process.exit();
