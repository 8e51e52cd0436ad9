import { contractRegistry, personalFieldsOf } from '@rapport/service-kit';

/** What programs and people come in with. */
const CREDENTIALS = ['password', 'secret', 'link', 'token', 'recoveryCodes', 'authorization', 'cookie', 'set-cookie'];

/** What much has that is nobody's: it says too little to be told apart from what a log is for. */
const OF_MUCH: ReadonlySet<string> = new Set(['name', 'source', 'textVersion']);

/** What the contract marks as personal of people, but for that, names of columns and addresses of the network. */
const PERSONAL = [...contractRegistry]
  .filter((type) => type.kind === 'message')
  .filter(({ typeName }) => !/^rapport\.(imports|audit)\./.test(typeName))
  .flatMap(({ typeName }) => personalFieldsOf(typeName))
  .map((field) => (typeof field === 'string' ? field : field.name))
  .filter((field) => !OF_MUCH.has(field));

const SECRET = new Set([...CREDENTIALS, ...PERSONAL]);

/** Where a server listens is no secret. */
const IS_NETWORK = /^[\d.:a-f]+$/;

/** Shorter ones are words that a log may have for another reason. */
const LEAST = 7;

const used = new Map<string, string>();

/** Remembers what of a request or an answer no log may hold: whatever stands under such a name, at any depth. */
export const rememberSecrets = (value: unknown, name = ''): void => {
  if (typeof value === 'string') {
    if (SECRET.has(name) && value.length >= LEAST && !IS_NETWORK.test(value)) used.set(value, name);
    // A link holds its secret behind `#`.
    const secret = /#(link_\S+)$/.exec(value)?.[1];
    if (secret) used.set(secret, 'link');
  } else if (Array.isArray(value)) for (const each of value) rememberSecrets(each, name);
  else if (typeof value === 'object' && value !== null)
    for (const [key, inner] of Object.entries(value))
      rememberSecrets(inner, SECRET.has(name) && !SECRET.has(key) ? name : key);
};

/** @throws Error when a log holds something that this journey has used and no log may hold */
export const refuseSecretsIn = (log: string): void => {
  const found = [...used].filter(([value]) => log.includes(value)).map(([value, name]) => `${name} "${value}"`);
  if (found.length > 0) throw new Error(`The log holds what no log may hold: ${found.join(', ')}.\n${log}`);
};
