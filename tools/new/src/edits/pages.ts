import { Refusal } from '../refusal.js';

/** The list of pages with one more, at the end of its first table. */
export const withPage = (text: string, title: string, page: string, about: string): string => {
  const rows = [...text.matchAll(/^\| \[.*\n(?!\|)/gm)];
  const last = rows[0];
  if (!last) throw new Refusal('docs/README.md does not look as it did. Add the page by hand.');
  const end = last.index + last[0].length;
  return `${text.slice(0, end)}| [${title}](${page}) | ${about} |\n${text.slice(end)}`;
};

/** The glossary with one more word, in its place. */
export const withWord = (text: string, word: string, meaning: string): string => {
  const lines = text.split('\n');
  const plain = (line: string): string => line.replace(/^\| \[?/, '').toLowerCase();
  const first = lines.findIndex((line) => /^\| ?-/.test(line)) + 1;
  const behind = lines.findIndex(
    (line, at) => at >= first && (!line.startsWith('|') || plain(line) > word.toLowerCase()),
  );
  return lines.toSpliced(behind, 0, `| ${word} | ${meaning} |`).join('\n');
};
