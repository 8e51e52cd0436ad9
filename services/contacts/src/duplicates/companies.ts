import { COMPANIES, companyNameKeyOf, type CompanyProfile, profileOfCompany, websiteKeyOf } from '@rapport/matching';
import { type AccountDocument, accounts } from '../records/accounts.js';
import { anyOf, type MatchedKind } from './matched-kind.js';

/** Accounts that may mean one company. */
export const companies: MatchedKind<AccountDocument, CompanyProfile> = {
  kind: 'account',
  list: accounts.projection,
  matching: COMPANIES,
  compared: ['name', 'website', 'phone', 'location'],
  profileOf: (account) => profileOfCompany(account),
  keysOf: ({ name, domain, phone }) => [
    ...anyOf('nameKey', given(companyNameKeyOf(name.whole))),
    ...anyOf('websiteKey', given(websiteKeyOf(domain))),
    ...anyOf('phoneKey', given(phone)),
  ],
  nameOf: ({ name }) => name,
};

const given = (key: string | undefined): readonly string[] => (key === undefined || key === '' ? [] : [key]);
