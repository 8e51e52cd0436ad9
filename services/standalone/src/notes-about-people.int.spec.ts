import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CommandBus } from '@nestjs/cqrs';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { everythingOf } from '@rapport/access';
import { FactsCommandExchange } from '@rapport/commands';
import { newId, recordDecider, systemClock, type FieldPatch } from '@rapport/kernel';
import { silentLogger, startTelemetry } from '@rapport/observability';
import { MasterKey } from '@rapport/privacy';
import { FactsExchange, monotonic, type ErasureFact } from '@rapport/processing';
import {
  recordProjection,
  RunCommand,
  serviceModule,
  startInProcess,
  type RunningService,
  type ServiceDefinition,
} from '@rapport/service-kit';
import { callBy } from '@rapport/testing';
import { DataFolder } from './data-folder.js';
import { openKeyFile, type KeyFile } from './key-file.js';
import { openServiceFiles, type ServiceFiles } from './sqlite-engines.js';

interface NoteFields {
  readonly subject?: string;
  readonly text?: string;
  readonly contactId?: string;
}

const note = recordDecider<'Note', NoteFields>('note', 'Note');
const personal = ['subject', { name: 'text', about: 'contactId' }] as const;

/** As another context tells it: copies of its events lie in this one's store. */
const erasures: readonly ErasureFact[] = [
  {
    prefix: 'contacts.erasure-',
    type: 'PersonForgotten',
    ids: ({ data }) => (data as { ids: string[] }).ids,
    last: true,
  },
];

const listed = recordProjection(note, {
  name: 'notes',
  fields: { subject: 'text', text: 'text', contactId: 'text', words: 'number' },
  indexes: [],
  derived: ({ text = '' }) => ({ words: text.split(' ').length }),
  personal,
});

/** A context whose records say something about people of another. */
const notes: ServiceDefinition = {
  context: 'notes',
  aggregates: ['note'],
  catalogue: [note],
  records: [],
  personal: { note: personal },
  purposes: { note: 'To remember what was said' },
  erasures,
  projections: [listed],
  publishes: {},
};

const TEXT = 'Qzwixt collects blunderbusses';
const EDITED = 'Brmpfl plays the hurdygurdy';

let folder: DataFolder;
let keyFile: KeyFile;
let files: ServiceFiles;
let service: RunningService;

const start = async (): Promise<void> => {
  folder = DataFolder.take(folder.path);
  const master = MasterKey.fromFile(folder.file('master.key'));
  keyFile = await openKeyFile(folder, master, null);
  files = await openServiceFiles(folder.file('notes'), 'notes', {
    exchange: new FactsExchange(),
    commands: new FactsCommandExchange(),
    epoch: 0,
    region: null,
    keys: keyFile.keys,
    keyFile: () => keyFile.dependency(),
    lostKeys: 'refuse',
    clock: systemClock,
    ticks: monotonic,
    logger: silentLogger,
    telemetry: await startTelemetry({ service: 'test' }),
  });
  service = await startInProcess(serviceModule(notes, files.engines, { handlers: {}, providers: [] }));
};
const stop = async (): Promise<void> => {
  await service.close();
  await files.close();
  await keyFile.close();
  folder.release();
};
beforeEach(async () => {
  folder = DataFolder.take(await mkdtemp(join(tmpdir(), 'rapport-notes-')));
  folder.release();
  await start();
});
afterEach(async () => {
  await stop();
  rmSync(folder.path, { recursive: true });
});

const run = (id: string, decide: (state: never, at: never) => never): Promise<unknown> =>
  service.nest.get(CommandBus, { strict: false }).execute(
    new RunCommand({
      decider: note as never,
      id,
      steps: [{ name: 'Do', input: id, decide: decide as never }],
      call: callBy(),
    }),
  );
const create = async (fields: NoteFields): Promise<string> => {
  const id = newId();
  await run(id, (state, at) => note.decide.create(state, fields, at) as never);
  return id;
};
const edit = (id: string, set: FieldPatch<NoteFields>): Promise<unknown> =>
  run(id, (state, at) => note.decide.edit(state, { set }, at) as never);

const shown = async (id: string): Promise<object | undefined> => {
  await service.runtime.caughtUp();
  return service.runtime.projection(listed).documents.get(everythingOf('main'), id);
};

/** What the context of the people does: the key goes, then it tells everybody. */
const forget = async (...ids: readonly string[]): Promise<void> => {
  for (const id of ids) await keyFile.keys.destroy({ tenant: 'main', id }, '2026-01-01T00:00:00.000Z');
  const metadata = {
    tenant: 'main',
    actor: { kind: 'system' as const, id: 'erasure' },
    correlationId: 'c',
    commandId: 'c',
    occurredAt: new Date().toISOString(),
    schemaVersion: 1,
  };
  const event = { id: newId(), type: 'PersonForgotten', data: { contactId: ids[0], ids }, metadata };
  await files.engines.events.append(`contacts.erasure-main-${newId()}`, [event], 'no-stream');
  await service.runtime.caughtUp();
  await files.engines.readModels.purge();
};

const filesWith = (text: string): string[] =>
  readdirSync(folder.path).filter((name) => readFileSync(folder.file(name)).includes(text));

describe('notes about people', () => {
  it('lose what they say about somebody who is forgotten, in every file, and keep the rest', async () => {
    const [ada, bob] = [newId(), newId()];
    const about = await create({ subject: 'Lunch', text: TEXT, contactId: ada });
    const other = await create({ subject: 'Dinner', text: 'Bob likes tea', contactId: bob });
    await edit(about, { text: EDITED });
    expect(await shown(about)).toMatchObject({ subject: 'Lunch', text: EDITED, words: 4 });
    for (const text of [EDITED, 'Bob likes tea']) expect(filesWith(text)).not.toEqual([]);
    await forget(ada, 'what else she is known by');
    expect(await shown(about)).toMatchObject({ subject: 'Lunch', contactId: ada, words: 1 });
    expect(await shown(about)).not.toHaveProperty('text');
    expect(await shown(other)).toMatchObject({ text: 'Bob likes tea' });
    for (const text of [TEXT, EDITED, 'Qzwixt', 'hurdygurdy']) expect(filesWith(text)).toEqual([]);
    await stop();
    await start();
    await service.runtime.projection(listed).rebuild();
    expect(await shown(about)).not.toHaveProperty('text');
    for (const text of [TEXT, EDITED]) expect(filesWith(text)).toEqual([]);
  });

  it('go with the person that they are about in the end', async () => {
    const [ada, bob] = [newId(), newId()];
    const id = await create({ text: TEXT, contactId: ada });
    await edit(id, { contactId: bob });
    await forget(ada);
    expect(await shown(id)).toMatchObject({ text: TEXT, contactId: bob });
    await forget(bob);
    expect(await shown(id)).not.toHaveProperty('text');
    expect(filesWith(TEXT)).toEqual([]);
  });

  it('are taken about somebody who was forgotten, without what they say about them', async () => {
    const ada = newId();
    await create({ text: TEXT, contactId: ada });
    await forget(ada);
    const id = await create({ subject: 'Again', text: EDITED, contactId: ada });
    expect(await shown(id)).toMatchObject({ subject: 'Again', contactId: ada });
    expect(filesWith(EDITED)).toEqual([]);
  });
});
