import { testEngines, testGiven } from './commands/run-tests.js';
import { runWith, up } from './commands/up.js';

const USAGE = `Usage: node tools/engines/dist/main.js <command>
  up [kafka] [mongodb] [eventstoredb]   starts them, prints where they are, stops them on Ctrl-C
  run -- <command> [arguments]          runs a command with all of them
  test [Jest's arguments]               what npm run test:engines does
  test-given [Jest's arguments]         what npm test does where engines are given`;

const commands: Readonly<Record<string, (args: readonly string[]) => Promise<number>>> = {
  up,
  run: (args) => (args.length > 0 ? runWith(args) : usage()),
  test: testEngines,
  'test-given': testGiven,
};

const usage = async (): Promise<number> => {
  console.error(USAGE);
  return 2;
};

const [command = '', ...rest] = process.argv.slice(2);
try {
  process.exit(await (commands[command] ?? usage)(rest[0] === '--' ? rest.slice(1) : rest));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
