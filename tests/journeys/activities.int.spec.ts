import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Api, type Fields, type List, problemOf, Rapport } from './support/index.js';

let rapport: Rapport;
let api: Api;
let account: Fields;
let ada: Fields;
let bo: Fields;

const write = (fields: object): Promise<Fields> => api.post('/v1/activities', fields);
const read = (id: string, query = ''): Promise<Fields> => api.get(`/v1/activities/${id}${query}`);
const about = (...ids: string[]) => ({ related: ids.map((id) => ({ kind: 'contact', id })) });
const refused = (fields: object) => problemOf(write(fields));

beforeAll(async () => {
  rapport = await Rapport.start();
  ({ api } = rapport);
  account = await api.post('/v1/accounts', { name: 'Cancity' });
  ada = await api.post('/v1/contacts', { lastName: 'Lovelace', accountId: account.id });
  bo = await api.post('/v1/contacts', { lastName: 'Bool' });
});
afterAll(() => rapport.stop());

describe('an activity', () => {
  it('concerns records, and the account of that time with them', async () => {
    const note = await write({ kind: 'note', text: 'Wants it in blue', ...about(ada.id) });
    expect(note).toMatchObject({ kind: 'note', text: 'Wants it in blue', contactIds: [ada.id] });
    expect(note['related']).toEqual([
      { kind: 'contact', id: ada.id },
      { kind: 'account', id: account.id },
    ]);
    const { data } = await api.get<List<Fields>>(`/v1/activities?filter=accountIds:"${account.id}"`);
    expect(data.map(({ id }) => id)).toEqual([note.id]);
  });

  it('concerns an opportunity, of another context', async () => {
    const pipeline = await api.post('/v1/pipelines', { name: 'Sales', stages: [{ name: 'Open', probability: 10 }] });
    const fields = { name: 'Order', pipelineId: pipeline.id, accountId: account.id };
    const { id } = await api.post('/v1/opportunities', fields);
    const call = await write({ kind: 'call', direction: 'outbound', related: [{ kind: 'opportunity', id }] });
    expect(call['related']).toEqual([
      { kind: 'opportunity', id },
      { kind: 'account', id: account.id },
    ]);
    expect(call['at']).toBe((call['info'] as Fields)['createdAt']);
  });

  it('has a past, and what was done to it can be undone', async () => {
    const note = await write({ kind: 'note', text: 'One', ...about(bo.id) });
    const changed = await api.patch<Fields>(`/v1/activities/${note.id}`, { text: 'Two', pinned: true });
    expect(changed).toMatchObject({ text: 'Two', pinned: true });
    const { data } = await api.get<List<Fields>>(`/v1/activities/${note.id}/history`);
    const undone = await api.post<Fields>(`/v1/activities/${note.id}:undo`, { eventId: data[0]!['eventId'] });
    expect(undone).toMatchObject({ text: 'One' });
    expect(undone).not.toHaveProperty('pinned');
    await api.delete(`/v1/activities/${note.id}`);
    expect((await api.get<List<Fields>>(`/v1/activities?filter=contactIds:"${bo.id}"`)).data).toEqual([]);
    await api.post(`/v1/activities/${note.id}:restore`);
    const at = (undone['info'] as Fields)['createdAt'] as string;
    expect(await read(note.id, `?asOf=${at}`)).toMatchObject({ text: 'One' });
  });

  it('that is a task is completed and taken up again, and is overdue by its day', async () => {
    const task = await write({ kind: 'task', subject: 'Send the offer', dueOn: '2026-01-05', priority: 'high' });
    expect(task).toMatchObject({ status: 'not-started', overdue: true });
    const done = await api.post<Fields>(`/v1/activities/${task.id}:complete`);
    expect(done).toMatchObject({ status: 'completed', overdue: false });
    expect(done['completedAt']).toEqual(expect.any(String));
    const again = await api.post<Fields>(`/v1/activities/${task.id}:reopen`);
    expect(again).toMatchObject({ status: 'not-started', overdue: true });
    expect(again).not.toHaveProperty('completedAt');
    const { data } = await api.get<List<Fields>>(`/v1/activities/${task.id}/history`);
    expect(data.map(({ type }) => type)).toEqual(['TaskReopened', 'TaskCompleted', 'ActivityCreated']);
  });

  it('that is a meeting has people who take part, and is held or not', async () => {
    const participants = [{ contactId: ada.id, attendance: 'accepted' }, { contactId: bo.id }];
    const meeting = await write({
      ...{ kind: 'meeting', subject: 'The offer', at: '2026-03-01T10:00:00+01:00', endsAt: '2026-03-01T10:00:00Z' },
      ...{ place: 'Her office', participants },
    });
    expect(meeting).toMatchObject({ status: 'planned', at: '2026-03-01T09:00:00.000Z', participants });
    expect(meeting['contactIds']).toEqual([ada.id, bo.id]);
    expect(await api.post(`/v1/activities/${meeting.id}:markHeld`)).toMatchObject({ status: 'held' });
  });

  it.each([
    ['of no kind', { text: 'x' }, 'required', '/kind'],
    ['a note that says nothing', { kind: 'note', text: '\u200b' }, 'text-missing', '/text'],
    ['a task without a subject', { kind: 'task' }, 'subject-missing', '/subject'],
    ['a note with a day', { kind: 'note', text: 'x', dueOn: '2026-01-01' }, 'not-of-this-kind', '/dueOn'],
    ['a meeting without a time', { kind: 'meeting', subject: 'x' }, 'at-missing', '/at'],
    ['a task that is done already', { kind: 'task', subject: 'x', status: 'completed' }, 'said-apart', '/status'],
    ['a task that is held', { kind: 'task', subject: 'x', status: 'planned' }, 'wrong-status', '/status'],
    [
      'a rule that is none',
      { kind: 'task', subject: 'x', dueOn: '2026-01-01', recurrence: 'FREQ=WEEKLY;BYDAY=XX' },
      'bad-recurrence',
      '/recurrence',
    ],
    [
      'what comes again without a day',
      { kind: 'task', subject: 'x', recurrence: 'FREQ=DAILY' },
      'due-day-missing',
      '/dueOn',
    ],
    [
      'about nobody who is there',
      { kind: 'note', text: 'x', related: [{ kind: 'contact', id: '01940000-0000-7000-8000-00000000dead' }] },
      'contact-not-found',
      '/related/0/id',
    ],
  ])('is refused: %s', async (_, fields, code, pointer) => {
    const problem = await refused(fields);
    expect(problem.status).toBe(400);
    expect(problem.errors).toMatchObject([{ code, pointer }]);
  });

  it('stays of its kind, and only a task is completed', async () => {
    const { id } = await write({ kind: 'note', text: 'x' });
    expect(await problemOf(api.patch(`/v1/activities/${id}`, { kind: 'task' }))).toMatchObject({ code: 'kind-fixed' });
    expect(await problemOf(api.post(`/v1/activities/${id}:complete`))).toMatchObject({
      ...{ status: 409, code: 'not-of-this-kind' },
    });
  });
});

describe('what is said about several people', () => {
  it('goes with the first of them who is erased', async () => {
    const [eve, ian] = [
      await api.post<Fields>('/v1/contacts', { lastName: 'Eve' }),
      await api.post<Fields>('/v1/contacts', { lastName: 'Ian' }),
    ];
    const both = await write({ kind: 'note', text: 'They quarrelled', ...about(eve.id, ian.id) });
    const one = await write({ kind: 'note', text: 'He is right', ...about(ian.id) });
    await api.post(`/v1/contacts/${eve.id}:erase`);
    const left = await read(both.id);
    expect(left).not.toHaveProperty('text');
    expect(left['contactIds']).toEqual([eve.id, ian.id]);
    expect(JSON.stringify(await api.get(`/v1/activities/${both.id}/history`))).not.toContain('quarrelled');
    expect(await read(one.id)).toMatchObject({ text: 'He is right' });
    // Nothing more is kept about somebody who is forgotten, and what is not about people can be said still.
    const changed = await api.patch<Fields>(`/v1/activities/${both.id}`, { text: 'Again', tags: ['old'] });
    expect(changed).toMatchObject({ tags: ['old'] });
    expect(changed).not.toHaveProperty('text');
  });
});
