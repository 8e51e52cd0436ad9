import { argon2, type Argon2Parameters, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { DomainError } from '@rapport/kernel';

const derive = promisify<'argon2id', Argon2Parameters, Buffer>(argon2);

/** What OWASP recommends at the least: 19 MiB, two passes. Kept with each hash, so that it can be raised. */
const COST = { memory: 19_456, passes: 2, parallelism: 1 } as const;
const TAG_LENGTH = 32;

const SHORTEST = 12;
/** Nobody types more, and hashing takes the longer the longer it is. */
const LONGEST = 128;

/** `argon2id$m=19456,t=2,p=1$<salt>$<tag>` */
export const hashOf = async (password: string): Promise<string> => {
  const nonce = randomBytes(16);
  const tag = await derive('argon2id', { ...COST, message: normal(password), nonce, tagLength: TAG_LENGTH });
  const { memory, passes, parallelism } = COST;
  return `argon2id$m=${memory},t=${passes},p=${parallelism}$${nonce.toString('base64url')}$${tag.toString('base64url')}`;
};

const FORM = /^argon2id\$m=(\d+),t=(\d+),p=(\d+)\$([\w-]+)\$([\w-]+)$/;
const NOBODYS = `argon2id$m=${COST.memory},t=${COST.passes},p=${COST.parallelism}$${'A'.repeat(22)}$${'A'.repeat(43)}`;

/** Takes as long for somebody who has no password, or is not there, as for anybody else. */
export const isPassword = async (password: string, hash: string | undefined): Promise<boolean> => {
  const [, memory, passes, parallelism, salt, kept] = FORM.exec(hash ?? NOBODYS)!;
  const tag = Buffer.from(kept!, 'base64url');
  const parameters = { memory: Number(memory), passes: Number(passes), parallelism: Number(parallelism) };
  const nonce = Buffer.from(salt!, 'base64url');
  const given = await derive('argon2id', { ...parameters, message: normal(password), nonce, tagLength: tag.length });
  return timingSafeEqual(given, tag) && hash !== undefined;
};

/** People type one letter in several ways, depending on the keyboard. */
const normal = (password: string): string => password.normalize('NFKC');

/** @throws DomainError invalid, for one that is easily guessed */
export const refuseWeak = async (
  password: string,
  { name, email }: { name?: string; email?: string },
): Promise<void> => {
  const length = [...normal(password)].length;
  if (length < SHORTEST)
    throw weak('password-short', `A password has ${SHORTEST} characters or more; this one has ${length}.`);
  if (length > LONGEST)
    throw weak('password-long', `A password has ${LONGEST} characters at most; this one has ${length}.`);
  const word = bare(password);
  const own = [name, email, email?.split('@')[0]].map((each) => bare(each ?? '')).filter(Boolean);
  if (own.includes(word) || word === '')
    throw weak(
      'password-guessable',
      'This password says who you are, or has no letters. Choose one that nobody can guess.',
    );
  if ((await commonPasswords()).has(word))
    throw weak(
      'password-common',
      'This password is one of those that are tried first, or nearly. Choose one that nobody else has.',
    );
};

/** What is left of a password without the figures and signs around it: `Password2026!` is `password`. */
const bare = (text: string): string =>
  normal(text)
    .toLowerCase()
    .replace(/^[^\p{L}]+|[^\p{L}]+$/gu, '');

let common: Promise<ReadonlySet<string>> | undefined;

/** Those that were found in breaches most often; read when a password is chosen for the first time. */
const commonPasswords = (): Promise<ReadonlySet<string>> => {
  common ??= import('@zxcvbn-ts/language-common').then(
    ({ dictionary }) => new Set(dictionary['passwords-common'].map(bare).filter((word) => word.length >= 4)),
  );
  return common;
};

const weak = (code: string, message: string): DomainError =>
  new DomainError('invalid', code, message, { fields: [{ pointer: '/password', code, message }] });
