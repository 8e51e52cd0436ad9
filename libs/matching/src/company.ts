import { squeezed, wordsOf } from './folded.js';
import { lettersOf } from './letters.js';
import { phoneEndOf, type Name } from './person.js';

/** What is known about a company. Everything may be missing, and empty texts are missing. */
export interface Company {
  readonly name?: string | undefined;
  /** An address of the web, with or without `https://`. */
  readonly website?: string | undefined;
  readonly phone?: string | undefined;
  /** Country or town. */
  readonly location?: string | undefined;
}

/** A company made ready for comparing, once for any number of comparisons. */
export interface CompanyProfile {
  /** Without its legal form. */
  readonly name: Name;
  /** `acme.example`; empty where it is unknown, or a page among those of many. */
  readonly domain: string;
  readonly phone: string;
  readonly location: string;
}

export const profileOfCompany = ({ name, website, phone = '', location }: Company): CompanyProfile => ({
  name: companyNameOf(name),
  domain: companyDomainOf(website),
  phone: phoneEndOf(phone),
  location: squeezed(location),
});

/** What says how a company is held, and not what it is called; dots are gone by then: `S.p.A.` is `spa`. */
const LEGAL_FORMS = new Set(
  [
    'inc incorporated corp corporation co company companies ltd limited llc llp lp plc pllc pc',
    'gmbh mbh ag kg kgaa ohg ug gbr ev eg se sce ek',
    'sa sas sasu sarl sarlu snc eurl srl spa sapa sl slu sau sca scs',
    'bv nv cv vof bvba ab as asa aps oy oyj hf ehf sia uab ou',
    'pty pte pvt private sdn bhd kk gk ooo oao zao ao sro doo dd kft zrt rt ltda lda cia',
  ]
    .join(' ')
    .split(' '),
);
const JOINING = new Set(['the', 'and', 'und', 'et', 'y', 'e', 'og', 'och', 'en']);

/** A name made ready for comparing: "The Acme Co., Ltd." and "ACME" are one. Where nothing else is left the name is all that it says. */
export const companyNameOf = (name: string | undefined): Name => {
  const words = joinedLetters(wordsOf(name));
  const own = [...words];
  while (own.length > 0 && (LEGAL_FORMS.has(own.at(-1)!) || JOINING.has(own.at(-1)!))) own.pop();
  while (own.length > 1 && own[0] === 'the') own.shift();
  const parts = own.length > 0 ? own : words;
  const whole = parts.join('');
  return { whole, parts, letters: lettersOf(whole) };
};

/** "s", "p", "a" of "S.p.A." as one word. */
const joinedLetters = (words: readonly string[]): readonly string[] => {
  const joined: string[] = [];
  let isRun = false;
  for (const word of words) {
    const isLetter = word.length === 1;
    if (isLetter && isRun) joined[joined.length - 1] += word;
    else joined.push(word);
    isRun = isLetter;
  }
  return joined;
};

/** Where companies have pages that are not theirs alone: what they have in common says nothing. */
const PLATFORMS =
  /(?:^|\.)(?:facebook|linkedin|twitter|x|instagram|youtube|google|github|wordpress|wixsite|blogspot|medium|etsy|ebay|amazon|xing)\.[a-z.]+$/;

/** `acme.example` of `https://www.acme.example/about`; nothing of what is no address of the web. */
export const domainOf = (website: string | undefined): string | undefined => {
  if (website === undefined) return undefined;
  const url = URL.parse(website.includes('://') ? website : `https://${website}`);
  return url?.hostname.replace(/^www\./, '') || undefined;
};

/** The domain that is a company's own; empty where there is none. */
export const companyDomainOf = (website: string | undefined): string => {
  const domain = domainOf(website?.trim()) ?? '';
  return domain.includes('.') && !PLATFORMS.test(domain) ? domain : '';
};
