/* global document, location */
// One's own ways in: passkeys and the password, for who has signed in.
import { button, part, send } from './door.js';
import { canBeShown, withMeter } from './password-field.js';
import { hasPasskeys, made, whyNot } from './passkeys.js';

const MORE =
  'Your organisation asks for more than a password. Add a passkey, sign out, and sign in with it: until then you see your account alone.';

const say = (text) => {
  part('message').textContent = text;
};

const line = ({ id, name, createdAt, usedAt }) => {
  const item = document.createElement('li');
  const day = (at) => new Date(at).toLocaleDateString();
  const label = document.createElement('label');
  const input = document.createElement('input');
  input.id = `name-${id}`;
  input.value = name;
  input.required = true;
  input.maxLength = 100;
  label.htmlFor = input.id;
  label.textContent = `Made ${day(createdAt)}, ${usedAt ? `used ${day(usedAt)}` : 'not used yet'}`;
  const act = async (method, path, body, done) => {
    const { ok, answer } = await send(method, path, body);
    await list();
    say(ok ? done : answer.detail);
  };
  const rename = button('Rename', () =>
    act('POST', `/v1/passkeys/${id}:rename`, { name: input.value }, `It is called ${input.value} now.`),
  );
  const remove = button('Remove', () =>
    act('DELETE', `/v1/passkeys/${id}`, undefined, `${name} opens nothing any more.`),
  );
  rename.setAttribute('aria-label', `Rename ${name}`);
  remove.setAttribute('aria-label', `Remove ${name}`);
  const acts = document.createElement('div');
  acts.className = 'acts';
  acts.append(rename, remove);
  item.append(label, input, acts);
  return item;
};

const list = async () => {
  const { ok, answer } = await send('GET', '/v1/passkeys');
  part('passkeys').replaceChildren(...(ok ? answer.data : []).map(line));
};

const open = async () => {
  const me = await send('GET', '/v1/me');
  const isPerson = me.ok && me.answer.actor.kind === 'user';
  part('outside').hidden = isPerson;
  part('inside').hidden = !isPerson;
  if (!isPerson) return say('Sign in to see how you come in.');
  const { answer } = await send('GET', '/v1/second-factor');
  const isShort = answer.demanded && me.answer.permissions.length < 2;
  say(isShort ? MORE : `You are signed in as ${me.answer.name}.`);
  part('enrol').hidden = !hasPasskeys;
  part('without').hidden = hasPasskeys;
  await list();
};

part('enrol').addEventListener('submit', async (event) => {
  event.preventDefault();
  const proposal = await send('POST', '/v1/passkeys:propose');
  if (!proposal.ok) return say(proposal.answer.detail);
  try {
    const device = await made(proposal.answer);
    const { ok, answer } = await send('POST', '/v1/passkeys', { name: part('name').value, ...device });
    if (ok) part('enrol').reset();
    await list();
    say(ok ? `${answer.name} signs you in from now on.` : answer.detail);
  } catch (failure) {
    say(whyNot(failure));
  }
});

for (const input of [part('current'), part('next')]) canBeShown(input);
withMeter(part('next'));
part('change').addEventListener('submit', async (event) => {
  event.preventDefault();
  const said = { current: part('current').value, password: part('next').value, code: part('code').value };
  const { ok, answer } = await send('POST', '/v1/passwords', said);
  if (answer.code === 'code-needed') part('asked').hidden = false;
  if (ok) part('change').reset();
  say(ok ? 'Your password is changed. You are signed out everywhere else.' : answer.detail);
});

part('leave').addEventListener('click', async () => {
  await send('DELETE', '/v1/sessions/current');
  location.assign('/sign-in');
});

await open();
