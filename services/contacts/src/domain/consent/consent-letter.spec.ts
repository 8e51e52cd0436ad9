import { expect, it } from '@jest/globals';
import { fold } from '@rapport/kernel';
import { consentLetter, type ConsentLetterEvent } from './consent-letter.js';

const at = { at: '2026-01-01T00:00:00.000Z', id: 'l' };
const asked: ConsentLetterEvent = { type: 'ConsentLetterAsked', data: { token: 'main.x' } };
const sent: ConsentLetterEvent = { type: 'ConsentLetterSent', data: {} };
const after = (...events: readonly ConsentLetterEvent[]) => fold(consentLetter, events);

it('is asked for once, and goes once', () => {
  expect(consentLetter.decide.ask(null, { token: 'main.x' }, at)).toEqual([asked]);
  expect(consentLetter.decide.ask(after(asked), { token: 'main.x' }, at)).toEqual([]);
  expect(consentLetter.decide.sent(null, {}, at)).toEqual([]);
  expect(consentLetter.decide.sent(after(asked), {}, at)).toEqual([sent]);
  expect(consentLetter.decide.sent(after(asked, sent), {}, at)).toEqual([]);
});
