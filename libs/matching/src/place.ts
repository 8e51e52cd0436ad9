import { wordsOf } from './folded.js';

export interface Address {
  /** House number and street, further lines after a line break or comma. */
  readonly street?: string | undefined;
  readonly city?: string | undefined;
  readonly region?: string | undefined;
  readonly postalCode?: string | undefined;
  readonly country?: string | undefined;
}

/** An address as it is compared. Unknown parts are empty. */
export interface Place {
  readonly numbers: readonly string[];
  /** Street and further lines without what streets are called everywhere, as one word. */
  readonly street: string;
  /** The same as its pairs of letters, sorted: what is left of a text whose parts changed places. */
  readonly pairs: readonly number[];
  readonly city: string;
  readonly region: string;
  readonly postalCode: string;
}

/** What half of all streets are called, so that it says nothing; as people write it, shortened too. */
const EVERYWHERE = new Set(
  [
    'street st road rd avenue ave av place pl court ct crescent cres circuit cct close cl drive dr lane ln way square sq',
    'boulevard blvd terrace tce parade pde grove highway hwy the of apartment apt unit flat suite floor po box',
    'strasse str weg platz allee gasse rue chemin route de la le du des via viale piazza corso di del della',
    'calle avenida plaza paseo el los las rua praca straat laan plein',
  ]
    .join(' ')
    .split(' '),
);

const NUMBER = /^\d+\p{L}?$/u;

export const placeOf = (address: Address): Place => {
  const words = wordsOf(address.street);
  const street = words.filter((word) => !NUMBER.test(word) && !EVERYWHERE.has(word)).join('');
  return {
    numbers: words.filter((word) => NUMBER.test(word)),
    street,
    pairs: pairsOf(street),
    city: wordsOf(address.city).join(''),
    region: wordsOf(address.region).join(''),
    postalCode: wordsOf(address.postalCode).join(''),
  };
};

const pairsOf = (text: string): readonly number[] => {
  const pairs: number[] = [];
  for (let at = 1; at < text.length; at++) pairs.push(text.charCodeAt(at - 1) * 0x10000 + text.charCodeAt(at));
  return pairs.sort((a, b) => a - b);
};

/** The share of pairs of letters that two texts have in common, of the shorter one's and of both: 0 to 1. */
export const sharedPairs = (one: readonly number[], other: readonly number[]): number => {
  if (one.length === 0 || other.length === 0) return 0;
  let shared = 0;
  for (let at = 0, place = 0; at < one.length && place < other.length;) {
    const difference = one[at]! - other[place]!;
    if (difference === 0) shared++;
    if (difference <= 0) at++;
    if (difference >= 0) place++;
  }
  const ofShorter = shared / Math.min(one.length, other.length);
  const ofBoth = (2 * shared) / (one.length + other.length);
  return (ofShorter + ofBoth) / 2;
};
