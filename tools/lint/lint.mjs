import { join } from 'node:path';
import { generate } from '../generate/generate.mjs';
import { install } from '../setup/install.mjs';
import { requireSetupNode } from '../setup/node-version.mjs';
import { root } from '../setup/root.mjs';
import { runNode } from '../setup/spawn.mjs';

/** node tools/lint/lint.mjs [folder or file …]: the whole repository when none is named. */
requireSetupNode();
install();
generate();
const targets = process.argv.slice(2);
const env = { NX_DAEMON: 'false', NX_NO_CLOUD: 'true' };

// The rule for module boundaries only reads Nx's graph of the packages, and skips itself when there is none.
const graph = await runNode([join(root, 'tools', 'lint', 'project-graph.mjs')], { env });
if (graph !== 0) process.exit(graph);
const eslint = join(root, 'node_modules', 'eslint', 'bin', 'eslint.js');
process.exit(await runNode([eslint, '--max-warnings=0', ...(targets.length > 0 ? targets : ['.'])], { env }));
