import { parseCommandLine } from './command-line.js';
import { startDouble } from './double.js';

/** One server in a process of its own. Prints one line of JSON when it is ready; ends cleanly on SIGTERM and SIGINT. */
const { options, attached } = parseCommandLine(process.argv.slice(2));
const double = await startDouble(options);
console.log(JSON.stringify({ url: double.url, control: double.control }));

const end = (): void => void double.stop().then(() => process.exit(0));
process.once('SIGTERM', end).once('SIGINT', end);
if (attached) process.stdin.on('end', end).resume();
