import type { DataFile, DataFolder, Row } from './data-folder.js';
import { ageOf, type Report } from './report.js';

/**
 * Checkpoints of projections, reactions and inboxes. `behind` counts events of every stream after the checkpoint: those
 * that a follower does not read are among them, and it may save their places a little later.
 */
export const followers = ({ services }: DataFolder, now: number): Report => {
  const rows = services
    .filter((file) => file.has('read_model_checkpoints'))
    .flatMap((file) => file.atOnce(() => followersOf(file, now)));
  return { rows, none: 'No follower has a checkpoint yet.' };
};

const followersOf = (file: DataFile, now: number) =>
  checkpointsOf(file).flatMap((checkpoint) => {
    const follower = checkpoint['follower'] as string;
    const state = stateOf(file, follower);
    if (state === 'dropped') return [];
    // An inbox is at a place of its source, which this file does not know.
    if (follower.startsWith('inbox:'))
      return [{ service: file.name, follower, state, checkpoint: checkpoint['position'], behind: '', age: '' }];
    const { behind, oldest } = file.one(
      'SELECT count(*) AS behind, min(recorded_at) AS oldest FROM events WHERE position > ?',
      Number(checkpoint['position']),
    );
    const age = ageOf(oldest as number | null, now);
    return [{ service: file.name, follower, state, checkpoint: checkpoint['position'], behind, age }];
  });

/** Of projections in the views; all others beside the facts, if a server that keeps them there was started once. */
export const checkpointsOf = (file: DataFile): readonly Row[] => {
  const inViews = 'SELECT follower, position FROM read_model_checkpoints';
  const all = file.has('bookkeeping_checkpoints')
    ? `${inViews} WHERE follower LIKE '%@%' UNION ALL SELECT follower, position FROM bookkeeping_checkpoints`
    : inViews;
  return file.all(`${all} ORDER BY follower`);
};

/** A projection's follower is named after its generation; those that were swapped away leave their checkpoint behind. */
const stateOf = (file: DataFile, follower: string): string => {
  const at = follower.lastIndexOf('@');
  if (at < 0) return '';
  const [name, generation] = [follower.slice(0, at), follower.slice(at + 1)];
  const known = file.all(
    'SELECT active FROM read_model_generations WHERE name = ? AND generation = ?',
    name,
    generation,
  );
  if (known.length === 0) return 'dropped';
  return known[0]!['active'] === 1 ? 'live' : 'building';
};
