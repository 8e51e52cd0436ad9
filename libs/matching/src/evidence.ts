/** One comparison, and what it says. */
export interface Evidence {
  readonly about: Aspect;
  readonly finding: Finding;
  /** What it adds to the score, or takes from it. */
  readonly weight: number;
  /** Of two texts that are not equal, 0 to 1. */
  readonly similarity?: number;
}

export type Aspect = keyof typeof CALLED;

/**
 * `same`, `similar` (a slip of the hand, or nearly the same letters), `partly` (some of it agrees), `short` (a nickname or an initial),
 * `swapped` (one stands where the other belongs), `other`.
 */
export type Finding = 'same' | 'similar' | 'partly' | 'short' | 'swapped' | 'other';

const CALLED = {
  email: 'e-mail',
  officeEmail: 'e-mail of an office',
  phone: 'phone',
  firstName: 'first name',
  lastName: 'last name',
  names: 'first and last name',
  birthDate: 'birth date',
  postalCode: 'postal code',
  city: 'city',
  region: 'region',
  street: 'street',
  houseNumber: 'house number',
  kin: 'first name and birth date',
  domain: 'domain of the account',
  name: 'name',
  website: 'website',
  location: 'location',
} as const;

/** "same e-mail", "similar last name 0.93", "first and last name swapped". */
export const inWords = ({ about, finding, similarity }: Evidence): string => {
  const name = CALLED[about];
  if (finding === 'swapped')
    return about === 'birthDate' ? 'day and month of the birth date swapped' : `${name} swapped`;
  if (finding === 'short') return `short form of the ${name}`;
  if (finding === 'partly') return `${name} agrees in part`;
  return `${finding} ${name}${finding === 'similar' && similarity !== undefined ? ` ${similarity.toFixed(2)}` : ''}`;
};
