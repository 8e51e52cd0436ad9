import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeContextKeys } from './context-keys.js';

/**
 * make-keys [folder]: what a distributed installation needs before its first start. Prints the pair by which services know
 * the gateway, and a master key; with a folder, writes them there, and the keys by which contexts know each other, and leaves
 * alone what is there already.
 */
const [folder] = process.argv.slice(2);
const pair = generateKeyPairSync('ed25519');
const publicKey = pair.publicKey.export({ type: 'spki', format: 'pem' }).toString();
const privateKey = pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

if (folder === undefined) {
  console.log(`For the gateway, RAPPORT_PRINCIPAL_PRIVATE_KEY:\n\n${privateKey}`);
  console.log(`For every context, RAPPORT_PRINCIPAL_PUBLIC_KEY:\n\n${publicKey}`);
  console.log(
    `For every context, RAPPORT_MASTER_KEY (keep a copy apart from the data):\n\n${randomBytes(32).toString('base64')}\n`,
  );
  console.log('For every context, RAPPORT_CONTEXT_KEYS: name a folder, and their keys are made in it.');
} else {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'principal.pem');
  if (!existsSync(file)) {
    // The public half last: where it is there, so is the other.
    writeFileSync(file, privateKey, { mode: 0o600 });
    writeFileSync(join(folder, 'principal.pub.pem'), publicKey, { mode: 0o644 });
  }
  const master = join(folder, 'master.key');
  if (!existsSync(master)) writeFileSync(master, `${randomBytes(32).toString('base64')}\n`, { mode: 0o600 });
  makeContextKeys(join(folder, 'contexts'));
}
