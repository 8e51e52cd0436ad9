import type { Row } from '../row.js';
import { markdownOf } from './table.js';

/** docs/benchmarks.md */
export const pageOf = (rows: readonly Row[], machine: Readonly<Record<string, string>>, command: string): string =>
  `# Benchmarks

What "fast" means here. Each figure stands next to its limit, taken on the same machine in the same run: a ratio says more
than a number of seconds. \`npm run bench\` measures everything anew and writes this page; nothing fails because it is slow.

Everything runs on one machine over the loopback interface, on an empty temporary folder. Measured
${new Date().toISOString().slice(0, 10)} with \`${command}\`.

<!-- prettier-ignore-start -->

| | |
| --- | --- |
${Object.entries(machine)
  .map(([name, text]) => `| ${name} | ${text} |`)
  .join('\n')}

${markdownOf(rows)}
<!-- prettier-ignore-end -->
`;
