import type { ContextEntry } from '@rapport/contexts';
import { Refusal } from './refusal.js';
import type { RecordNames } from './names.js';
import type { Draft } from './draft.js';

/** Packages of the contract, services and containers that have the name already. */
const TAKEN = new Set([
  ...['access', 'events', 'imports', 'operations', 'options', 'types'],
  ...['gateway', 'standalone', 'console', 'rapport', 'keyring'],
  ...['eventstoredb', 'kafka', 'mongodb', 'topics', 'keys', 'collector', 'jaeger', 'prometheus', 'grafana'],
]);

/** Words of TypeScript and of the contract's language that nothing can be called. */
const RESERVED = new Set(
  `abstract any as async await boolean break case catch class const continue debugger declare default delete do double else
   enum export extends false finally float for from function get if implements import in infer instanceof interface is let
   map message module namespace never new null number object of oneof option optional package private protected public
   record repeated reserved return rpc service set static stream string super switch symbol syntax this throw true try type
   typeof undefined union unique unknown var void while with yield`.split(/\s+/),
);

const CONTEXT = /^[a-z][a-z0-9]{1,29}$/;
const AGGREGATE = /^[a-z][a-zA-Z]{1,29}$/;

/** @throws Refusal */
export const checkContext = (name: string, contexts: readonly ContextEntry[], draft: Draft): void => {
  if (!CONTEXT.test(name))
    throw new Refusal(
      `"${name}" cannot be a context: take one word of 2 to 30 of a-z and 0-9, beginning with a letter.`,
    );
  if (contexts.some((context) => context.name === name)) throw new Refusal(`There is a context "${name}" already.`);
  if (TAKEN.has(name) || RESERVED.has(name))
    throw new Refusal(`"${name}" means something else in Rapport already. Call the context otherwise.`);
  for (const folder of [`services/${name}`, `proto/rapport/${name}`])
    if (draft.exists(folder))
      throw new Refusal(`${folder} is there already. Remove it, or call the context otherwise.`);
};

/** @throws Refusal */
export const checkRecord = (
  context: ContextEntry,
  names: RecordNames,
  all: readonly ContextEntry[],
  draft: Draft,
): void => {
  const { one, many } = names;
  for (const name of [one.camel, many.camel]) checkWord(name);
  if (one.camel === many.camel)
    throw new Refusal(`"${one.camel}" is its own plural. Say what many are called: --plural <name>.`);
  if (context.aggregates.includes(one.camel))
    throw new Refusal(`There is ${names.indefinite} in ${context.name} already.`);
  const kind = all.find(({ importKinds }) => importKinds.includes(many.kebab));
  if (kind)
    throw new Refusal(`"${many.kebab}" are imported into ${kind.name} already. Take another plural: --plural <name>.`);
  checkContract(context, names, draft);
};

const checkWord = (name: string): void => {
  if (!AGGREGATE.test(name))
    throw new Refusal(
      `"${name}" cannot be a kind of record: take 2 to 30 letters, beginning with a small one: ticket, priceBook.`,
    );
  if (RESERVED.has(name))
    throw new Refusal(`"${name}" is a word of the language that it would be written in. Take another.`);
};

/** Names and addresses that the contract has given already. */
const checkContract = ({ name }: ContextEntry, { one, many }: RecordNames, draft: Draft): void => {
  for (const file of draft.filesBelow('proto').filter((path) => path.endsWith('.proto'))) {
    const text = draft.read(file);
    const isOwn = file.startsWith(`proto/rapport/${name}/`);
    const message = new RegExp(`^(message|service) (${one.pascal}|${many.pascal}Service)\\b`, 'm').exec(text);
    if (isOwn && message) throw new Refusal(`${file} has a ${message[1]} ${message[2]} already.`);
    if (new RegExp(`"/v1/${many.kebab}["/:]`).test(text))
      throw new Refusal(`/v1/${many.kebab} is an address of ${file} already. Take another plural: --plural <name>.`);
  }
};
