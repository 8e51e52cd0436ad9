import { afterEach, beforeEach, describe, expect, jest } from '@jest/globals';
import { problemOf, type Fields, type List } from './support/api.js';
import { ServerProcess, temporaryFolder } from './support/child-process.js';
import { eventually } from './support/eventually.js';
import { hasTools, itWhere } from './support/host-tools.js';
import { canMount, mounted, unmount } from './support/small-disk.js';

jest.setTimeout(120_000);

const ROOMY_KIBIBYTES = 1_000_000;

describe('readiness', () => {
  let folder: ReturnType<typeof temporaryFolder>;
  let server: ServerProcess;
  beforeEach(() => {
    folder = temporaryFolder();
  });
  afterEach(async () => {
    await server.kill();
    folder.remove();
  });

  /** Nobody signs in. */
  const readiness = async (): Promise<{ readonly status: number; readonly text: string }> => {
    const answer = await fetch(`${server.address}/readyz`);
    return { status: answer.status, text: await answer.text() };
  };
  const isReady = (): Promise<unknown> => eventually(readiness, ({ status }) => status === 200);
  const create = (text = ''): Promise<Fields> =>
    server.api.post('/v1/contacts', { lastName: 'Somebody', description: text });
  const dependencies = async (): Promise<readonly Fields[]> =>
    (await server.api.get<List<Fields>>('/v1/operations/contacts/dependencies')).data;

  const expectUnready = async (reason: string): Promise<void> => {
    const { status, text } = await readiness();
    expect(status).toBe(503);
    expect(text).toContain(reason);
    expect(text).not.toContain(folder.path);
    // Each context finds it out by itself, and any of them is enough to be no longer ready.
    await eventually(dependencies, (all) =>
      all.some(({ ready, needed, detail }) => !ready && needed === true && String(detail).includes(reason)),
    );
  };

  const fill = async (): Promise<never> => {
    for (;;) await create('text '.repeat(2_000));
  };

  const onSmallDisk = itWhere(canMount(), 'a small disk cannot be mounted here');
  onSmallDisk('is none while a disk is full, says why without a path, and comes back with the space', async () => {
    mounted(folder.path, 'size=10m');
    try {
      server = await ServerProcess.start({ data: folder.path });
      await isReady();
      const problem = await problemOf(fill());
      expect(problem).toMatchObject({ status: 507, code: 'storage-full' });
      expect(JSON.stringify(problem)).not.toContain(folder.path);
      // What was being written beside it may have given a little back.
      await eventually(
        async () => {
          await problemOf(fill());
          return readiness();
        },
        ({ status }) => status === 503,
      );
      await expectUnready('No space left');
      expect(mounted(folder.path, 'remount,size=200m')).toBe(true);
      await isReady();
      expect(await create()).toMatchObject({ lastName: 'Somebody' });
    } finally {
      unmount(folder.path);
    }
  });

  const limited = itWhere(hasTools('prlimit'), 'it takes bash and prlimit');
  limited('is none while a disk takes no writes, also where nobody has tried, and comes back with it', async () => {
    server = await ServerProcess.start({ data: folder.path, fileKibibytes: ROOMY_KIBIBYTES });
    await create();
    server.limitFiles(1_000);
    await eventually(readiness, ({ status }) => status === 503);
    await expectUnready('The disk failed');
    const problem = await problemOf(create());
    expect(problem).toMatchObject({ status: 503, retryable: true });
    expect(JSON.stringify(problem)).not.toContain(folder.path);
    server.limitFiles(ROOMY_KIBIBYTES * 1_024);
    await isReady();
    expect(await create()).toMatchObject({ lastName: 'Somebody' });
    expect((await dependencies()).map(({ name, ready }) => [name, ready])).toEqual([
      ['contacts.db', true],
      ['keys.db', true],
      ['contacts-views.db', true],
    ]);
  });
});
