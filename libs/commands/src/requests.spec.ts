import { beforeEach, describe, expect, it } from '@jest/globals';
import { InMemoryEventStore, streamName } from '@rapport/event-store';
import { newId, type NewEvent, type RecordedEvent, UTC } from '@rapport/kernel';
import { callBy, clock, eventsOf, TENANT, toOpen } from './fakes/bank.js';
import { runStepOn } from './fakes/run-step-on.js';
import { noteAnswers } from './note-answers.js';
import { answerDeadline, request, type RequestState } from './request.js';
import { Requests } from './requests.js';

let events: InMemoryEventStore;
let requests: Requests;
beforeEach(() => {
  events = new InMemoryEventStore();
  requests = new Requests(events, runStepOn(events));
});

/** What the bank says has come of it, as it is heard here. */
const heard = async (commandId: string, type: string, data: object): Promise<void> => {
  const stream = `bank.command-${TENANT}-${commandId}`;
  const { principal, correlationId } = callBy();
  const metadata = { tenant: TENANT, actor: principal.actor, correlationId, commandId, schemaVersion: 1 };
  const event: NewEvent = {
    id: newId(),
    type,
    data,
    metadata: { ...metadata, occurredAt: '2026-03-01T12:00:00.000Z' },
  };
  const recorded: RecordedEvent = { ...event, stream, revision: 1, position: '', recordedAt: '' };
  await noteAnswers(['bank'], runStepOn(events)).react(recorded, new AbortController().signal);
};

const typesOf = async (commandId: string): Promise<readonly string[]> =>
  (await eventsOf(events, streamName('request', TENANT, commandId))).map(({ type }) => type);

describe('a request', () => {
  it('waits until it is answered', async () => {
    const [one, two, three] = [newId(), newId(), newId()];
    for (const id of [one, two, three]) await requests.ask(id, toOpen('Ada'), callBy());
    await heard(one, 'CommandDone', { command: 'OpenAccount', recordId: 'r', outcome: 'created' });
    const answers = requests.answers(TENANT, [one, two, three, one], new AbortController().signal);
    await heard(three, 'CommandRefused', { command: 'OpenAccount', code: 'account-exists', pointer: '/owner' });
    await heard(two, 'CommandDone', { command: 'OpenAccount', recordId: 's', outcome: 'unchanged' });
    expect(Object.fromEntries(await answers)).toEqual({
      [one]: { outcome: 'done', result: { recordId: 'r', outcome: 'created' } },
      [two]: { outcome: 'done', result: { recordId: 's', outcome: 'unchanged' } },
      [three]: { outcome: 'refused', problem: { code: 'account-exists', pointer: '/owner' } },
    });
  });

  it('is answered once; what is asked by others is none of ours', async () => {
    const id = newId();
    await requests.ask(id, toOpen('Ada'), callBy());
    await heard(id, 'CommandDone', { command: 'OpenAccount', recordId: 'r', outcome: 'created' });
    await heard(id, 'CommandRefused', { command: 'OpenAccount', code: 'x' });
    expect(await requests.answer(TENANT, id)).toMatchObject({ outcome: 'done' });
    const others = newId();
    await heard(others, 'CommandDone', { command: 'OpenAccount', recordId: 'r', outcome: 'created' });
    expect([await requests.answer(TENANT, others), await typesOf(others)]).toEqual([undefined, []]);
  });

  it('that says something about a person names that person', async () => {
    const asked = toOpen('', newId(), { input: {}, personal: { owner: 'Ada' } });
    await expect(requests.ask(newId(), asked, callBy())).rejects.toMatchObject({ code: 'nobody-named' });
  });

  it('is not waited for any longer than somebody wants to', async () => {
    const id = newId();
    await requests.ask(id, toOpen('Ada'), callBy());
    const enough = new AbortController();
    const answers = requests.answers(TENANT, [id], enough.signal);
    enough.abort(new Error('enough'));
    await expect(answers).rejects.toThrow('enough');
  });

  it('has a deadline, a minute after it has expired; an answer that comes later counts', async () => {
    const id = newId();
    await requests.ask(id, toOpen('Ada'), callBy());
    const [requested] = await eventsOf(events, streamName('request', TENANT, id));
    expect(answerDeadline.dueAt(requested!, UTC)).toBe('2026-03-01T13:01:00.000Z');
    const circumstances = { at: clock.now().toISOString(), id };
    const decide = (state: RequestState) =>
      answerDeadline.decide(state, { dueAt: '', then: state }, circumstances) as never;
    const giveUp = () =>
      runStepOn(events)({
        decider: request as never,
        id,
        commandId: newId(),
        call: callBy(),
        steps: [{ name: 'x', input: id, decide: decide }],
      });
    await giveUp();
    await giveUp();
    expect(await typesOf(id)).toEqual(['CommandRequested', 'CommandUnanswered']);
    expect(await requests.answers(TENANT, [id], new AbortController().signal)).toEqual(
      new Map([[id, { outcome: 'unanswered' }]]),
    );
    await heard(id, 'CommandDone', { command: 'OpenAccount', recordId: 'r', outcome: 'created' });
    expect(await requests.answer(TENANT, id)).toMatchObject({ outcome: 'done' });
  });
});
