import { jest } from './jest.mjs';
import { setup } from './setup.mjs';

await setup();
process.exit(await jest(process.argv.slice(2)));
