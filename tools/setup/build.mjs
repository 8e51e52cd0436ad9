import { generate } from '../generate/generate.mjs';
import { compile } from './compile.mjs';
import { install } from './install.mjs';
import { requireSetupNode } from './node-version.mjs';

requireSetupNode();
install();
generate();
process.exit(await compile(process.argv.slice(2)));
