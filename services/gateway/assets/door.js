/* global document, fetch */
// What the pages for people share: parts by their ids, and requests to the door that they were loaded from.
export const part = (id) => document.getElementById(id);

export const send = async (method, path, body) => {
  const content = body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
  const response = await fetch(path, { method, credentials: 'same-origin', ...content });
  const text = await response.text();
  return { ok: response.ok, status: response.status, answer: text ? JSON.parse(text) : {} };
};

export const button = (text, act) => {
  const made = document.createElement('button');
  made.type = 'button';
  made.textContent = text;
  made.addEventListener('click', act);
  return made;
};
