import type { contactsV1 } from '@rapport/contracts';

const UTM = ['utm_source', 'utm_medium', 'utm_campaign', 'utm_term', 'utm_content'];

/** What a browser fills in by itself. */
const AUTOCOMPLETE: Readonly<Record<string, string>> = {
  ...{ salutation: 'honorific-prefix', firstName: 'given-name', lastName: 'family-name', title: 'organization-title' },
  ...{ company: 'organization', email: 'email', phone: 'tel', website: 'url' },
};
const TYPES: Readonly<Record<string, string>> = { email: 'email', phone: 'tel' };

/** A form as a plain page that every browser and screen reader knows, without scripts. */
export const formPage = (
  { name, fields, consentText, token }: contactsV1.ShownForm,
  query: Readonly<Record<string, unknown>>,
): string => {
  const hidden = UTM.flatMap((each) => (typeof query[each] === 'string' ? [hiddenOf(each, query[each])] : []));
  const tick =
    consentText === undefined
      ? ''
      : `<p><input type="checkbox" id="consent" name="consent" value="yes"> <label for="consent">${escaped(consentText)}</label></p>`;
  return document(
    name,
    `<h1>${escaped(name)}</h1><form method="post">${fields.map(asked).join('')}${tick}` +
      // Nobody sees it, and programs fill it in.
      '<div hidden><label for="fax">Fax</label><input id="fax" name="fax" tabindex="-1" autocomplete="off"></div>' +
      `${hidden.join('')}${hiddenOf('token', token)}<p><button>Send</button></p></form>`,
  );
};

export const thanksPage = (said: string): string => document('Sent', `<p role="status">${escaped(said)}</p>`);

const asked = ({ field, label, required }: contactsV1.FormField): string => {
  const more = `id="${field}" name="${field}"${required ? ' required' : ''}`;
  const complete = AUTOCOMPLETE[field] === undefined ? '' : ` autocomplete="${AUTOCOMPLETE[field]}"`;
  const control =
    field === 'description'
      ? `<textarea ${more} rows="6"></textarea>`
      : `<input ${more} type="${TYPES[field] ?? 'text'}"${complete}>`;
  return `<p><label for="${field}">${escaped(label)}${required ? ' (required)' : ''}</label><br>${control}</p>`;
};

const hiddenOf = (name: string, value: string): string =>
  `<input type="hidden" name="${name}" value="${escaped(value.slice(0, 2_000))}">`;

const document = (title: string, body: string): string =>
  '<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">' +
  `<title>${escaped(title)}</title><main>${body}</main></html>\n`;

const escaped = (text: string): string => text.replace(/[&<>"']/g, (character) => `&#${character.codePointAt(0)!};`);
