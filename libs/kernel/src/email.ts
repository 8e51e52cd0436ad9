import { domainToASCII } from 'node:url';
import { isAscii } from './text.js';

/** Of {@link emailKeyOf}. Read models keep keys, so those that were built under another version are built anew. */
export const EMAIL_KEY_VERSION = 2;

const MAILTO = /^(?:mailto:\s*)+/;
/** What may stand in a domain, so that nothing else is read as a part of an address of the web. */
const DOMAIN = /^(?:[\p{L}\p{M}\p{N}.\u3002\uff0e\uff61_-]|\u200c|\u200d)+$/u;

/**
 * The form in which e-mail addresses are compared, never shown: without case, blanks around it and `mailto:`, in one Unicode
 * form, the domain as the network has it. `Ada@Bücher.example` and `mailto:ada@xn--bcher-kva.example` are one address.
 */
export const emailKeyOf = (email: string): string => {
  const lower = lowerCase(email.trim()).replace(MAILTO, '');
  const at = lower.lastIndexOf('@') + 1;
  if (isAscii(lower) || at === 0) return lower;
  return lower.slice(0, at) + asciiDomain(lower.slice(at));
};

/** Of some letters the lower case is written in several characters. */
const lowerCase = (text: string): string => text.normalize('NFC').toLowerCase().normalize('NFC');

const asciiDomain = (domain: string): string => (DOMAIN.test(domain) && domainToASCII(domain)) || domain;
