import { existsSync } from 'node:fs';
import { partsOf } from '@rapport/event-store';
import { DomainError } from '@rapport/kernel';
import {
  AUDIT_CHAIN,
  AUDIT_SIGNATURES,
  type AuditCheckpoint,
  type BrokenLink,
  brokenLink,
  MasterKey,
  ownSubject,
  publicKeyOf,
  signingKey,
  type StoredFact,
} from '@rapport/privacy';
import type { DataFile, DataFolder, Row } from './data-folder.js';
import type { Order } from './order.js';
import type { Report } from './report.js';

/** Goes over the chains of the audit trail, one per service and tenant, and names the first link that does not hold. */
export const audit = ({ services, masterKeyFile }: DataFolder, { name }: Order, env: Env): Report => {
  if (name !== 'verify') throw new DomainError('invalid', 'bad-argument', 'Say what to do: inspect audit verify.');
  const master = masterKeyOf(masterKeyFile, env['RAPPORT_MASTER_KEY']);
  const rows = services.flatMap((file) =>
    file.atOnce(() => chainsIn(file).map((stream) => ({ service: file.name, ...verified(file, stream, master) }))),
  );
  return { rows, none: 'No audit trail is there yet.', failed: rows.some(({ result }) => result !== 'whole') };
};

export type Env = Readonly<Record<string, string | undefined>>;

export const masterKeyOf = (file: string, set: string | undefined): MasterKey | undefined => {
  if (set) return MasterKey.fromBase64(set, 'RAPPORT_MASTER_KEY');
  return existsSync(file) ? MasterKey.fromFile(file) : undefined;
};

const CHAINS = `SELECT DISTINCT stream FROM events WHERE stream >= '${AUDIT_CHAIN}-' AND stream < '${AUDIT_CHAIN}.'`;

const chainsIn = (file: DataFile): readonly string[] => file.all(CHAINS).map(({ stream }) => String(stream));

const verified = (file: DataFile, stream: string, master: MasterKey | undefined) => {
  const { tenant } = partsOf(stream);
  const publicKey = master && publicKeyIn(file, tenant, master);
  let before: AuditCheckpoint | undefined;
  let [checkpoints, links] = [0, 0];
  let broken: BrokenLink | undefined;
  for (const row of file.all('SELECT * FROM events WHERE stream = ? ORDER BY revision', stream)) {
    const checkpoint = checkpointIn(row);
    broken = checkpoint
      ? brokenLink(stream, before, checkpoint, factsOf(file, checkpoint), publicKey)
      : { number: links + 1, stream, revision: undefined, reason: 'the checkpoint cannot be read' };
    if (broken || !checkpoint) break;
    [checkpoints, links, before] = [checkpoints + 1, links + checkpoint.links.length, checkpoint];
  }
  const result = broken ? `broken at link ${broken.number}: ${broken.reason}` : 'whole';
  const where = broken ? [broken.stream, broken.revision].filter((part) => part !== undefined).join(' @') : '';
  const signatures = publicKey === undefined ? 'by the key they name' : 'by the key in the keyring';
  return { tenant, checkpoints, links, hash: before?.hash ?? '', signatures, result, where };
};

const checkpointIn = ({ data }: Row): AuditCheckpoint | undefined => {
  try {
    const checkpoint = JSON.parse(String(data)) as AuditCheckpoint;
    return Array.isArray(checkpoint.links) ? checkpoint : undefined;
  } catch {
    return undefined;
  }
};

const factsOf = (file: DataFile, { links }: AuditCheckpoint): readonly (StoredFact | undefined)[] =>
  links.map(({ stream, revision }) => {
    const [row] = file.all('SELECT * FROM events WHERE stream = ? AND revision = ?', stream, revision);
    return row && factIn(row);
  });

/** One that cannot be read any more is another one, too. */
const factIn = ({ stream, revision, id, type, data, metadata }: Row): StoredFact => {
  const fact = { stream, revision, id, type } as unknown as StoredFact;
  try {
    const [said, beside] = [data, metadata].map((text) => JSON.parse(String(text)) as unknown);
    return { ...fact, data: said as object, metadata: beside as StoredFact['metadata'] };
  } catch {
    return fact;
  }
};

/** That a service signs its audit trail and its receipts with, for a tenant. */
export const publicKeyIn = (file: DataFile, tenant: string, master: MasterKey): string | undefined => {
  const subject = ownSubject(file.name, tenant, AUDIT_SIGNATURES);
  const sql = 'SELECT hex(wrapped) AS wrapped FROM subject_keys WHERE tenant = ? AND id = ?';
  const [row] = file.has('subject_keys') ? file.all(sql, subject.tenant, subject.id) : [];
  if (!row) return undefined;
  return publicKeyOf(signingKey(master.unwrap(Buffer.from(String(row['wrapped']), 'hex'), subject)));
};
