/* global document, location, history, URLSearchParams */
// Signing in, and choosing a password with a link. The link's secret stands behind `#`: no server, log or referrer gets it.
import { part, send } from './door.js';
import { canBeShown, withMeter } from './password-field.js';
import { hasPasskeys, signed, whyNot } from './passkeys.js';

const tenant = new URLSearchParams(location.search).get('tenant') ?? undefined;
const link = location.hash.slice(1);
const [form, message, email, password, code] = ['form', 'message', 'email', 'password', 'code'].map(part);

const choosing = link.startsWith('link_');
password.autocomplete = choosing ? 'new-password' : 'current-password';
email.required = !choosing;
if (choosing) {
  history.replaceState(null, '', location.pathname);
  document.title = part('title').textContent = 'Choose a password for Rapport';
  part('submit').textContent = 'Keep this password and sign in';
  part('about').hidden = part('email-hint').hidden = false;
}

canBeShown(password);
if (choosing) withMeter(password);

const say = (text, field) => {
  message.textContent = text;
  for (const input of [email, password, code]) input.setAttribute('aria-invalid', String(input === field));
  field?.focus();
};

const signedIn = (isIn) => {
  form.hidden = isIn;
  if (isIn) part('providers').hidden = true;
  part('leave').hidden = part('account').hidden = !isIn;
  part('passkey').hidden = isIn || choosing || !hasPasskeys;
};

const welcome = async () => {
  signedIn(true);
  const me = await send('GET', '/v1/me');
  say(`You are signed in as ${me.answer.name}.`);
};

// What went wrong on the way back from a provider, by the code behind `#`.
const REFUSALS = {
  'sign-in-refused': 'Your provider knows you, but you may not come in here. Ask an administrator.',
  'provider-refused': 'The provider did not confirm who you are. Sign in again.',
  'provider-unreachable': 'The provider cannot be asked at the moment. Try again later.',
  'sign-in-not-begun': 'This sign-in took too long, or was begun elsewhere. Sign in again.',
};

const offer = async () => {
  const asked = tenant ? `?tenant=${encodeURIComponent(tenant)}` : '';
  const { ok, answer } = await send('GET', `/sign-in/providers${asked}`);
  const ways = ok ? answer.data : [];
  part('providers').hidden = ways.length === 0;
  for (const { id, name } of ways) {
    const way = document.createElement('a');
    way.href = `/sign-in/providers/${encodeURIComponent(id)}${asked}`;
    way.textContent = `Sign in with ${name}`;
    part('providers').appendChild(document.createElement('li')).append(way);
  }
};

signedIn(false);
if (!choosing) await offer();
if (link && !choosing) history.replaceState(null, '', location.pathname + location.search);
if (link === 'signed-in') await welcome();
else if (Object.hasOwn(REFUSALS, link)) say(REFUSALS[link]);

form.addEventListener('submit', async (event) => {
  event.preventDefault();
  const said = { tenant, email: email.value, password: password.value, code: code.value };
  const [path, body] = choosing ? ['/v1/passwords', { ...said, link }] : ['/v1/sessions', said];
  const { ok, answer } = await send('POST', path, body);
  if (answer.code === 'code-needed') part('asked').hidden = false;
  if (!ok && answer.code?.startsWith('code-')) return say(answer.detail, code);
  if (!ok) return say(answer.detail, { '/email': email, '/password': password }[answer.errors?.[0]?.pointer]);
  password.value = code.value = '';
  await welcome();
});

part('passkey').addEventListener('click', async () => {
  const challenge = await send('POST', '/v1/passkey-challenges', { tenant });
  if (!challenge.ok) return say(challenge.answer.detail);
  try {
    const passkey = await signed(challenge.answer);
    const { ok, answer } = await send('POST', '/v1/sessions', { tenant, passkey });
    await (ok ? welcome() : say(answer.detail));
  } catch (failure) {
    say(whyNot(failure));
  }
});

part('forgotten').hidden = choosing;
part('forgotten').addEventListener('click', async () => {
  if (!email.reportValidity()) return;
  const { ok, answer } = await send('POST', '/v1/password-resets', { tenant, email: email.value });
  say(
    ok
      ? 'If somebody here has this address, a letter with a link is on its way. If none comes, ask an administrator.'
      : answer.detail,
  );
});

part('leave').addEventListener('click', async () => {
  await send('DELETE', '/v1/sessions/current');
  signedIn(false);
  say('You have signed out.');
});
