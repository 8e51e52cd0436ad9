/**
 * What a finding is worth. A point doubles the odds that two records mean one person, as in the model of Fellegi and Sunter: a birth date,
 * which agrees by chance once in some ten thousand pairs, is worth 12. The figures follow from how common values are in lists of people,
 * not from any file, and are round on purpose.
 */
export const NAMES = {
  firstName: { same: 6, similar: 5, partly: 4, likely: 3, vague: 0, other: -3 },
  lastName: { same: 8, similar: 6.5, partly: 5, likely: 4, vague: 0, other: -3 },
  nickname: 4.5,
  initial: 2,
  verySimilar: 0.92,
  likely: 0.84,
  vague: 0.72,
  /** Above this both names agree well enough as they stand. */
  crossedBelow: 8,
  crossing: 3,
} as const;

export const BIRTH = { same: 12, standIn: 5, slip: 7, swapped: 8, partly: 3, other: -5 } as const;

export const PLACE = {
  street: { same: 9, similar: 8, vague: 4, other: -1, verySimilar: 0.75, likely: 0.5, different: 0.35 },
  houseNumber: { same: 4, other: -1 },
  postalCode: { same: 6, slip: 3, other: -1 },
  city: { same: 5, similar: 4.5, other: -1, verySimilar: 0.88 },
  region: { same: 1, other: -0.5 },
} as const;

export const WAYS = {
  email: 18,
  similarEmail: 5,
  office: 3,
  phone: 8,
  domain: 2,
  verySimilar: 0.94,
  tellingLength: 6,
} as const;

export const KIN = -5;

/** Of phone, domain and address together. */
export const SHARED_AT_MOST = 15;

/** Of companies, which have few fields: a name that is one, or a website, is enough to be looked at. */
export const COMPANY = {
  name: { same: 13, slip: 12, similar: 8, partly: 5, other: -4, verySimilar: 0.92, telling: 6 },
  website: { same: 16, partly: 4, other: -3 },
  phone: 8,
  location: { same: 2, other: -1 },
} as const;
