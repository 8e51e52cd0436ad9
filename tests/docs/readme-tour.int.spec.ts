import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parseConfig } from '@rapport/config';
import { type Standalone, standaloneSettings, startStandalone } from '@rapport/standalone';
import { hasTools } from '../journeys/support/host-tools.js';
import { repository } from './repository.js';
import { outputsOf, scriptOf, type Step, tourIn } from './tour.js';

/** A reader of the tour has these; a machine that only runs the tests may not. */
const complete = hasTools('curl', 'grep');
const tour = complete ? it : it.skip;

const TOKEN = 'a-token-for-the-tour';

describe('the tour of the README', () => {
  let folder: string;
  let standalone: Standalone;
  let steps: readonly Step[];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rapport-tour-'));
    steps = tourIn(await readFile(join(repository, 'README.md'), 'utf8'), 'A tour in five minutes');
    const environment = { RAPPORT_DATA: join(folder, 'data'), RAPPORT_PORT: '0', RAPPORT_ADMIN_TOKEN: TOKEN };
    standalone = await startStandalone(parseConfig(standaloneSettings, environment).config);
  }, 60_000);

  afterAll(async () => {
    await standalone.close();
    await rm(folder, { recursive: true });
  });

  tour(
    `does what it says${complete ? '' : ' (skipped: it takes bash and curl)'}`,
    async () => {
      expect(steps.length).toBeGreaterThan(8);
      const said = steps.map(({ output }) => output);
      // Taken again, in the same folder; where there is a zsh, in that.
      for (const shell of ['bash', hasTools('zsh') ? 'zsh' : 'bash']) {
        const { code, printed, complaints } = await run(shell, scriptOf(steps), folder, standalone.address);
        expect({ code, complaints }).toEqual({ code: 0, complaints: '' });
        expect(outputsOf(printed).map((lines, step) => (said[step]!.length > 0 ? lines : []))).toEqual(said);
      }
    },
    240_000,
  );

  it('says nothing that zsh takes for something else', () => {
    const commands = scriptOf(steps);
    // `$PERSON:erase` is the extension of a name there.
    expect(commands).not.toMatch(/\$\w+:[a-z]/);
  });
});

/** The tour as a reader runs it, with this process's own Node first on the path. */
const run = async (shell: string, script: string, folder: string, address: string) => {
  const { PATH = '' } = process.env;
  const env = {
    PATH: `${join(process.execPath, '..')}:${PATH}`,
    RAPPORT_URL: address,
    RAPPORT_TOKEN: TOKEN,
    RAPPORT_DATA: join(folder, 'data'),
    NO_COLOR: '1',
  };
  const child = spawn(shell, ['-c', script], { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = once(child, 'close') as Promise<[number | null]>;
  const [printed, complaints, [code]] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  return { code, printed, complaints };
};
