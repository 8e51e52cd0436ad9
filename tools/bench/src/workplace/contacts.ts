const SYLLABLES = [
  'ba',
  'den',
  'fo',
  'gar',
  'hel',
  'ka',
  'lin',
  'mo',
  'nar',
  'pe',
  'ros',
  'sel',
  'tor',
  'ul',
  'ven',
  'wi',
];
const COUNTRIES = ['Austria', 'Brazil', 'Canada', 'Denmark', 'France', 'Germany', 'India', 'Japan', 'Kenya', 'Peru'];
const TITLES = ['Buyer', 'Director', 'Engineer', 'Head of purchasing', 'Office manager', 'Owner'];
export const CITIES = 200;

/** A made-up person: the same number gives the same one. The fields are the contract's. */
export const contactOf = (n: number) => {
  const spread = spreadOf(n);
  const name = (from: number): string => {
    const part = (shift: number): string => SYLLABLES[(from >>> shift) & 15]!;
    return capital(part(0) + part(4) + part(8));
  };
  const [firstName, lastName] = [name(spread >>> 4), name(spread >>> 14)];
  return {
    firstName,
    lastName,
    title: TITLES[spread % TITLES.length]!,
    email: `${firstName}.${lastName}.${n}@example.org`.toLowerCase(),
    phone: `+49 30 ${String(1_000_000 + (spread % 9_000_000))}`,
    address: {
      street: `${capital(SYLLABLES[spread & 15]!)} street ${1 + (spread % 150)}`,
      city: cityOf(spread),
      postalCode: String(10_000 + (spread % 90_000)),
      country: COUNTRIES[(spread >>> 7) % COUNTRIES.length]!,
    },
  };
};

export const cityOf = (spread: number): string => `City ${spread % CITIES}`;

/** People from number `from` on. Every twentieth row repeats the address of somebody above it, with another phone number. */
export const csvOfContacts = (
  contacts: number,
  from = 0,
): { readonly text: string; readonly rows: number; readonly repeated: number } => {
  const lines = ['First name,Last name,Job title,E-mail address,Phone,Street,City,Postal code,Country'];
  let repeated = 0;
  for (let next = 0; next < contacts;) {
    const again = lines.length % 20 === 0;
    const person = contactOf(from + (again ? spreadOf(lines.length) % next : next++));
    const { street, city, postalCode, country } = person.address;
    const phone = again ? `+49 40 ${lines.length}` : person.phone;
    if (again) repeated += 1;
    const { firstName, lastName, title, email } = person;
    lines.push([firstName, lastName, title, email, phone, street, city, postalCode, country].join(','));
  }
  return { text: lines.join('\n'), rows: lines.length - 1, repeated };
};

/** An unsigned number of 32 bits that looks random (a finalizer of MurmurHash3). */
const spreadOf = (n: number): number => {
  let mixed = Math.imul(n ^ 0x9e3779b9, 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
};

const capital = (word: string): string => word[0]!.toUpperCase() + word.slice(1);
