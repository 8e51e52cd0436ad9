/* global document, location, history, fetch */
// Signing in, and choosing a password with a link. The link's secret stands behind `#`: no server, log or referrer gets it.
const part = (id) => document.getElementById(id);
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

const say = (text, field) => {
  message.textContent = text;
  for (const input of [email, password, code]) input.setAttribute('aria-invalid', String(input === field));
  field?.focus();
};

const signedIn = (isIn) => {
  form.hidden = isIn;
  part('leave').hidden = !isIn;
};

const send = async (method, path, body) => {
  const content = body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
  const response = await fetch(path, { method, credentials: 'same-origin', ...content });
  const text = await response.text();
  return { ok: response.ok, answer: text ? JSON.parse(text) : {} };
};

form.addEventListener('submit', async (event) => {
  event.preventDefault();
  const said = { email: email.value, password: password.value, code: code.value };
  const [path, body] = choosing ? ['/v1/passwords', { ...said, link }] : ['/v1/sessions', said];
  const { ok, answer } = await send('POST', path, body);
  if (answer.code === 'code-needed') part('asked').hidden = false;
  if (!ok && answer.code?.startsWith('code-')) return say(answer.detail, code);
  if (!ok) return say(answer.detail, { '/email': email, '/password': password }[answer.errors?.[0]?.pointer]);
  password.value = code.value = '';
  signedIn(true);
  const me = await send('GET', '/v1/me');
  say(`You are signed in as ${me.answer.name}.`);
});

part('leave').addEventListener('click', async () => {
  await send('DELETE', '/v1/sessions/current');
  signedIn(false);
  say('You have signed out.');
});
