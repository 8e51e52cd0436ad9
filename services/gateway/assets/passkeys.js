/* global atob, btoa, navigator, PublicKeyCredential */
// Passkeys, between what browsers know (bytes) and what is sent (base64url).
const bytes = (text) =>
  Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (letter) => letter.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');

export const hasPasskeys = typeof PublicKeyCredential !== 'undefined' && navigator.credentials !== undefined;

// What a device answers to a proposal.
export const made = async ({ challenge, user, excludeCredentials = [], ...proposal }) => {
  const publicKey = {
    ...proposal,
    challenge: bytes(challenge),
    user: { ...user, id: bytes(user.id) },
    excludeCredentials: excludeCredentials.map((each) => ({ ...each, id: bytes(each.id) })),
  };
  const { response } = await navigator.credentials.create({ publicKey });
  return {
    clientData: text(response.clientDataJSON),
    attestation: text(response.attestationObject),
    transports: response.getTransports?.() ?? [],
  };
};

// What a device has signed.
export const signed = async ({ challenge, ...asked }) => {
  const publicKey = { ...asked, challenge: bytes(challenge) };
  const { id, response } = await navigator.credentials.get({ publicKey });
  return {
    id,
    clientData: text(response.clientDataJSON),
    authenticatorData: text(response.authenticatorData),
    signature: text(response.signature),
    userHandle: text(response.userHandle ?? new Uint8Array()),
  };
};

// What went wrong, for whoever sits before it.
export const whyNot = ({ name }) =>
  ({
    InvalidStateError: 'This device has a passkey of yours already.',
    SecurityError: 'Passkeys work at the address that Rapport was set up for. Open it there.',
  })[name] ?? 'The device has not answered. Try again, or go on with your password.';
