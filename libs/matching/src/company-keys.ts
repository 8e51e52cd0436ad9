import { skeletonOf } from './block-keys.js';
import { compareCompanies, labelOf } from './compare-companies.js';
import { companyDomainOf, companyNameOf, type CompanyProfile } from './company.js';
import type { Matching } from './matching.js';

const WORD = 5;
const WHOLE = 6;

/** What a company may be found by, see {@link Matching.keysOf}. */
const keysOfCompany = ({ name, domain, phone, location }: CompanyProfile): readonly string[] => {
  const keys = new Set<string>();
  if (name.whole !== '') keys.add(`name:${skeletonOf(name.whole, WHOLE)}`);
  for (const part of name.parts) if (part.length > 2) keys.add(`word:${skeletonOf(part, WORD)} ${location}`);
  if (name.parts[0] !== undefined && name.parts[0].length > 2) keys.add(`begins:${name.parts[0]}`);
  if (domain !== '') keys.add(`domain:${domain}`).add(`label:${labelOf(domain)}`);
  if (phone !== '') keys.add(`phone:${phone}`);
  return [...keys];
};

export const COMPANIES: Matching<CompanyProfile> = {
  keysOf: keysOfCompany,
  orderOf: ({ name }) => name.whole,
  compare: compareCompanies,
};

/** Raise it where the keys below are others than before for the same text: lists keep them. */
export const COMPANY_KEY_VERSION = 1;

/** The key under which a list finds a company's name again. */
export const companyNameKeyOf = (name: string | undefined): string | undefined =>
  skeletonOf(companyNameOf(name).whole, WHOLE) || undefined;

/** The key under which a list finds a website again: `acme` of all of `acme.example`'s. */
export const websiteKeyOf = (website: string | undefined): string | undefined => {
  const domain = companyDomainOf(website);
  return domain === '' ? undefined : labelOf(domain);
};
