import type { AssemblyName } from '../options.js';
import type { Row } from '../row.js';
import { markdownOf } from './table.js';

/** What a run has measured, and on what. */
export interface Run {
  readonly assembly: AssemblyName;
  readonly rows: readonly Row[];
  /** As name → text. */
  readonly machine: Readonly<Record<string, string>>;
  readonly command: string;
  readonly day: Date;
}

const PARTS = ['standalone', 'large', 'distributed'] as const;

const ABOUT: Readonly<Record<AssemblyName, string>> = {
  standalone: 'Everything in one process, on SQLite.',
  large: `Everything in one process, on SQLite, filled by batches of the public API in three steps: the columns tell what grows with
what is in it, and how.`,
  distributed: `Every service in processes of its own, on Kafka, mongo-java-server and the double of EventStoreDB, all of them on the
same cores; limits are standalone figures of the same run. In production engines are other servers on other machines. The two
that stand in for others here say what the way through them costs, not how fast the real ones are; mongo-java-server has no
index but that of the id, so it looks through the whole of a list.`,
};

/** docs/benchmarks.md, with the part of this run made anew and the other as it was. */
export const pageOf = (run: Run, before: string): string =>
  `# Benchmarks

What "fast" means here. Each figure stands next to its limit, taken on the same machine in the same run: a ratio says more
than a number of seconds. \`npm run bench\` measures standalone anew, \`npm run bench -- large\` what grows with the number of
records, \`npm run bench -- distributed\` the [distributed](distributed.md) assembly, and each writes its part of this page; nothing
fails because it is slow. Everything runs on one machine over the loopback interface, on empty temporary folders.
[Performance](performance.md) tells where the time goes.

<!-- prettier-ignore-start -->

${PARTS.map((part) => (part === run.assembly ? partOf(run) : partIn(before, part)))
  .filter(Boolean)
  .join('\n')}
<!-- prettier-ignore-end -->
`;

const partOf = ({ assembly, rows, machine, command, day }: Run): string =>
  `## ${titleOf(assembly)}

${ABOUT[assembly]} Measured ${day.toISOString().slice(0, 10)} with \`${command}\`.

| | |
| --- | --- |
${Object.entries(machine)
  .map(([name, text]) => `| ${name} | ${text} |`)
  .join('\n')}

${markdownOf(rows)}`;

/** From its heading to the next one, or to the end of what is measured. */
const partIn = (page: string, part: AssemblyName): string => {
  const from = page.indexOf(`## ${titleOf(part)}\n`);
  if (from < 0) return '';
  const rest = page.slice(from);
  const end = /\n(?=## |<!-- prettier-ignore-end)/.exec(rest)?.index ?? rest.length;
  return `${rest.slice(0, end).trimEnd()}\n`;
};

const titleOf = (assembly: AssemblyName): string => assembly[0]!.toUpperCase() + assembly.slice(1);
