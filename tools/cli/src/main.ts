import { runCommand } from './commands.js';
import { processTerminal } from './terminal.js';

// Whoever reads our lines may have seen enough: `rapport … | head`.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

process.exitCode = await runCommand(process.argv.slice(2), process.env, processTerminal());
