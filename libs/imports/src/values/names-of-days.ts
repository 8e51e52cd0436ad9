import { searchKey } from '@rapport/read-models';

/** Whose names of months and days are understood: those of the console's languages. */
const LOCALES = ['en-US', 'en-GB', 'de-DE', 'de-AT', 'fr-FR', 'es-ES', 'es-MX'] as const;
const STYLES = ['long', 'short'] as const;

/** In use, though not what the tables of languages say. */
const FURTHER: Readonly<Record<string, number>> = { mrz: 3, fev: 2, sept: 9, set: 9, setiembre: 9 };

const wordOf = (name: string): string => searchKey(name).replace(/[^\p{L}]/gu, '');

const months = new Map<string, number>(Object.entries(FURTHER));
const weekdays = new Set<string>();
for (const locale of LOCALES) {
  for (const style of STYLES) {
    const month = new Intl.DateTimeFormat(locale, { month: style, timeZone: 'UTC' });
    const weekday = new Intl.DateTimeFormat(locale, { weekday: style, timeZone: 'UTC' });
    for (let n = 0; n < 12; n += 1) months.set(wordOf(month.format(Date.UTC(2020, n, 15))), n + 1);
    for (let n = 1; n <= 7; n += 1) weekdays.add(wordOf(weekday.format(Date.UTC(2020, 5, n))));
  }
}

/** 1 to 12; `undefined` where the word is no name of a month. */
export const monthNamed = (word: string): number | undefined => months.get(wordOf(word));

export const isWeekday = (word: string): boolean => weekdays.has(wordOf(word));
