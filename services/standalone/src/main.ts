import { launch } from './thread/launch.js';

// Half of a start is the loading of what is run: the thread that follows loads its own beside this one's.
const spare = process.env['RAPPORT_FOLLOWERS'] === 'together' ? undefined : launch();
const { run } = await import('./program.js');
await run(spare);
