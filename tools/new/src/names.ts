/** A word or several, in the forms that code, contract and addresses want. */
export interface Names {
  /** `priceBook` */
  readonly camel: string;
  /** `PriceBook` */
  readonly pascal: string;
  /** `price_book` */
  readonly snake: string;
  /** `price-book` */
  readonly kebab: string;
  /** `price book` */
  readonly words: string;
}

export interface RecordNames {
  readonly one: Names;
  readonly many: Names;
  /** `a price book`, `an offer` */
  readonly indefinite: string;
}

const WORDS = /[A-Z]?[a-z0-9]+/g;

/** @param camel `priceBook` */
export const namesOf = (camel: string): Names => {
  const words = (camel.match(WORDS) ?? []).map((word) => word.toLowerCase());
  return {
    camel,
    pascal: words.map(capitalized).join(''),
    snake: words.join('_'),
    kebab: words.join('-'),
    words: words.join(' '),
  };
};

export const recordNames = (aggregate: string, plural = pluralOf(aggregate)): RecordNames => {
  const one = namesOf(aggregate);
  const article = /^[aeiou]/.test(one.words) ? 'an' : 'a';
  return { one, many: namesOf(plural), indefinite: `${article} ${one.words}` };
};

export const capitalized = (word: string): string => word[0]!.toUpperCase() + word.slice(1);

/** As English has it nearly always; `--plural` says otherwise. */
export const pluralOf = (word: string): string => {
  if (/[^aeiou]y$/.test(word)) return `${word.slice(0, -1)}ies`;
  return /(s|x|z|ch|sh)$/.test(word) ? `${word}es` : `${word}s`;
};
