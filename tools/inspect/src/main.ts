import { inspect } from './inspect.js';

const { text, exitCode } = inspect(process.argv.slice(2), process.env);
(exitCode === 2 ? process.stderr : process.stdout).write(text);
process.exitCode = exitCode;
