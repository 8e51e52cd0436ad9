import type { FileFacts } from '../domain/import-settings.js';
import { type EffectiveSettings, fieldOf } from './effective-settings.js';

/** Something that people should look at before the run. */
export interface ImportWarning {
  readonly code: string;
  readonly message: string;
}

const MOST_NAMES = 50;

/** What could have been understood otherwise, and what is not read at all. */
export const warningsOf = (file: FileFacts | undefined, settings: EffectiveSettings): readonly ImportWarning[] =>
  file ? [...encodingGuessed(file), ...damagedBytes(file), ...columnsLeftOut(file, settings)] : [];

const encodingGuessed = ({ encoding, sample }: FileFacts): readonly ImportWarning[] => {
  if (sample === undefined) return [];
  const message =
    `The file does not say its encoding; ${encoding} is a guess, in which a line of it reads "${sample}". ` +
    'If that is wrong, set encoding.';
  return [{ code: 'encoding-guessed', message }];
};

const damagedBytes = ({ encoding, damage }: FileFacts): readonly ImportWarning[] => {
  if (!damage) return [];
  const { faults, byte } = damage;
  const where =
    faults === 1 ? `at byte ${byte}, counted from 0` : `${faults} times, first at byte ${byte}, counted from 0`;
  const message =
    `The file is ${encoding} but for bytes that mean nothing in it: ${where}. ` +
    'Rows with such a cell are refused. Mend them, or set encoding where the file has another.';
  return [{ code: 'damaged-bytes', message }];
};

const columnsLeftOut = ({ columns }: FileFacts, settings: EffectiveSettings): readonly ImportWarning[] => {
  const names = columns.filter((column) => fieldOf(settings.columns, column) === undefined);
  if (names.length === 0) return [];
  const shown = names.slice(0, MOST_NAMES).join(', ');
  const more = names.length > MOST_NAMES ? ` and ${names.length - MOST_NAMES} more` : '';
  const message = `No field is mapped to ${shown}${more}: what stands there is not read. Map columns in the settings if it matters.`;
  return [{ code: 'columns-left-out', message }];
};
