/* global document, fetch, sessionStorage, FormData, URLSearchParams, TextDecoder, AbortController */
// The page at /docs: everything that /openapi.json says, to read and to try. It loads nothing from anywhere else.
const contract = await (await fetch('/openapi.json')).json();
const { paths, tags, info } = contract;
const template = document.querySelector('#operation');
const token = document.querySelector('#token');
const MOST_CHARACTERS = 20_000;

const resolve = (node) =>
  node?.$ref
    ? node.$ref
        .slice(2)
        .split('/')
        .reduce((at, key) => at[key], contract)
    : node;

/** Writes references out, as deep as is of use to a reader. */
const expanded = (node, depth = 0) => {
  if (Array.isArray(node)) return node.map((each) => expanded(each, depth));
  if (typeof node !== 'object' || node === null) return node;
  if (node.$ref && depth > 3) return { $ref: node.$ref };
  const plain = resolve(node);
  return Object.fromEntries(Object.entries(plain).map(([key, value]) => [key, expanded(value, depth + 1)]));
};

/** A body to begin with: what is required, or has an example. */
const sample = (schema) => {
  const { type, properties = {}, required = [], examples, items, oneOf, enum: words } = resolve(schema);
  if (examples) return examples[0];
  if (oneOf) return sample(oneOf[0]);
  if (words) return words[0];
  const kind = Array.isArray(type) ? type[0] : type;
  if (kind === 'array') return items ? [sample(items)] : [];
  if (kind !== 'object') return { string: '', integer: 0, number: 0, boolean: false }[kind] ?? null;
  const shown = Object.entries(properties).filter(
    ([name, field]) => required.includes(name) || resolve(field).examples,
  );
  return Object.fromEntries(shown.map(([name, field]) => [name, sample(field)]));
};

const parameterLine = (parameter) => {
  const { name, description = '', required, in: place, example } = resolve(parameter);
  const label = document.createElement('label');
  const input = Object.assign(document.createElement('input'), {
    name: `${place} ${name}`,
    required: required === true,
  });
  if (example !== undefined) input.placeholder = example;
  const note = Object.assign(document.createElement('small'), { textContent: ` ${place} · ${description}` });
  label.append(`${name} `, input, note);
  return label;
};

const requestOf = (method, path, form) => {
  const headers = token.value === '' ? {} : { authorization: `Bearer ${token.value}` };
  const query = new URLSearchParams();
  let address = path;
  for (const [key, value] of new FormData(form)) {
    const [place, name] = key.split(' ');
    if (value === '') continue;
    if (place === 'path') address = address.replace(`{${name}}`, encodeURIComponent(value));
    else if (place === 'query') query.append(name, value);
    else headers[name] = value;
  }
  const body = form.querySelector('.body').hidden ? undefined : form.querySelector('textarea').value;
  if (body !== undefined) headers['content-type'] = 'application/json';
  return [`${address}${query.size > 0 ? `?${query}` : ''}`, { method: method.toUpperCase(), headers, body }];
};

/** Shows an answer as it comes in, so that streams can be watched too. */
const show = async (response, output) => {
  const head = [`${response.status} ${response.statusText}`, ...[...response.headers].map(([k, v]) => `${k}: ${v}`)];
  output.textContent = `${head.join('\n')}\n\n`;
  output.hidden = false;
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    output.textContent = `${head.join('\n')}\n\n${text.slice(-MOST_CHARACTERS)}`;
  }
  if (!response.headers.get('content-type')?.includes('json')) return;
  output.textContent = `${head.join('\n')}\n\n${JSON.stringify(JSON.parse(text), null, 2)}`;
};

const operationBlock = (method, path, operation) => {
  const block = template.content.cloneNode(true).firstElementChild;
  const part = (name) => block.querySelector(`.${name}`);
  part('method').textContent = method.toUpperCase();
  part('path').textContent = path;
  part('summary').textContent = operation.summary;
  part('description').textContent = operation.description;
  part('parameters').append(...(operation.parameters ?? []).map(parameterLine));
  const schema = operation.requestBody?.content['application/json']?.schema;
  part('body').hidden = !operation.requestBody;
  if (schema) block.querySelector('textarea').value = JSON.stringify(sample(schema), null, 2);
  const answers = Object.values(operation.responses).map((response) => resolve(response).content ?? {});
  const answer = Object.values(answers.find((content) => content['application/json']) ?? {})[0]?.schema;
  part('schema').textContent = JSON.stringify({ request: expanded(schema), response: expanded(answer) }, null, 2);
  let running = new AbortController();
  block.querySelector('form').addEventListener('submit', async (event) => {
    event.preventDefault();
    running.abort();
    running = new AbortController();
    const [address, request] = requestOf(method, path, event.target);
    await show(await fetch(address, { ...request, signal: running.signal }), part('answer')).catch(() => undefined);
  });
  return block;
};

// Text in backticks is code; everything else stays text.
document
  .querySelector('#about')
  .append(
    ...info.description
      .split('`')
      .map((text, n) => (n % 2 ? Object.assign(document.createElement('code'), { textContent: text }) : text)),
  );
token.value = sessionStorage.getItem('token') ?? '';
token.addEventListener('change', () => sessionStorage.setItem('token', token.value));

for (const tag of tags) {
  const section = document.createElement('section');
  section.append(
    Object.assign(document.createElement('h2'), { textContent: tag.name }),
    Object.assign(document.createElement('p'), { textContent: tag.description }),
  );
  for (const [path, operations] of Object.entries(paths))
    for (const [method, operation] of Object.entries(operations))
      if (operation.tags.includes(tag.name)) section.append(operationBlock(method, path, operation));
  document.querySelector('#operations').append(section);
}

document.querySelector('#find').addEventListener('input', ({ target }) => {
  const wanted = target.value.toLowerCase();
  for (const section of document.querySelectorAll('section')) {
    const blocks = [...section.querySelectorAll('.operation')];
    for (const block of blocks)
      block.hidden = !block.querySelector('summary').textContent.toLowerCase().includes(wanted);
    section.hidden = blocks.every(({ hidden }) => hidden);
  }
});
