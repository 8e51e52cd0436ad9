const CANDIDATES = [',', ';', '\t', '|'] as const;

/** The lines that are looked at. */
const LINES = 50;

/** `sep=;`, as Excel writes it before the header for whoever has another separator in his settings. */
const ANNOUNCEMENT = /^"?sep=([^\r\n])"?(?:\r\n|\r|\n|$)/i;
/** The longest of it. */
export const ANNOUNCEMENT_CHARACTERS = 9;

/** The separator that the first line names instead of holding a header. */
export const announcedSeparator = (beginning: string): string | undefined => ANNOUNCEMENT.exec(beginning)?.[1];

/** The text without that first line. */
export const withoutAnnouncement = (beginning: string): string => beginning.replace(ANNOUNCEMENT, '');

/**
 * The character between cells: the one that stands outside quotes in the header, and equally often in most lines; of
 * several the most frequent. A file with one column has none: a comma.
 */
export const detectSeparator = (sample: string): string => {
  const lines = countsPerLine(sample);
  const scores = CANDIDATES.map((separator, n) => {
    const inHeader = lines[0]?.[n] ?? 0;
    const agreeing = lines.filter((counts) => counts[n] === inHeader).length;
    return { separator, score: inHeader === 0 ? 0 : agreeing / lines.length + inHeader / 1e6 };
  });
  const best = scores.reduce((winner, candidate) => (candidate.score > winner.score ? candidate : winner));
  return best.score > 0 ? best.separator : ',';
};

/** How often each candidate stands outside quotes, line by line; the last, perhaps cut, line only if it is the only one. */
const countsPerLine = (sample: string): readonly (readonly number[])[] => {
  const lines: number[][] = [];
  let counts = CANDIDATES.map(() => 0);
  let quoted = false;
  let filled = false;
  for (const character of sample) {
    if (character === '"') quoted = !quoted;
    if (quoted) continue;
    if (character === '\n' || character === '\r') {
      if (filled) lines.push(counts);
      if (lines.length === LINES) return lines;
      counts = CANDIDATES.map(() => 0);
      filled = false;
      continue;
    }
    filled = true;
    const n = (CANDIDATES as readonly string[]).indexOf(character);
    if (n >= 0) counts[n]! += 1;
  }
  return lines.length === 0 ? [counts] : lines;
};
