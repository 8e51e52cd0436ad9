import { DomainError } from '@rapport/kernel';

/** Whom a passkey is for: a device uses it on pages of this host alone. */
export interface RelyingParty {
  /** The host's name, without scheme and port. */
  readonly id: string;
  /** What this party's pages say of where they are. */
  readonly isOrigin: (origin: string) => boolean;
}

const LOCAL = 'localhost';
const LOCAL_ORIGIN = /^http:\/\/localhost(:\d{1,5})?$/;
/** Addresses of networks, which no passkey can be for. */
const NUMBERS = /^(\d+\.){3}\d+$|^\[/;

/**
 * @param publicUrl where people find Rapport; `localhost`, at any port, where nobody has said so
 * @throws DomainError `passkeys-unavailable` where that is no name that a passkey can be for
 */
export const relyingPartyOf = (publicUrl: string | undefined): RelyingParty => {
  if (publicUrl === undefined) return { id: LOCAL, isOrigin: (origin) => LOCAL_ORIGIN.test(origin) };
  const { hostname: id, origin: ours, protocol } = new URL(publicUrl);
  if (NUMBERS.test(id) || (protocol !== 'https:' && id !== LOCAL))
    throw new DomainError(
      'conflict',
      'passkeys-unavailable',
      `A passkey is for a host that has a name and speaks TLS, or for localhost. RAPPORT_PUBLIC_URL is ${ours}.`,
    );
  return { id, isOrigin: (origin) => origin === ours };
};
