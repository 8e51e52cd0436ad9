/** Partitions of a topic where nothing else is said. */
export const DEFAULT_PARTITIONS = 8;

/** The partition of a key: FNV-1a over its UTF-16 units. The same in every version: a key must never move. */
export const partitionOfKey = (key: string, partitions: number): number => {
  let hash = 0x811c9dc5;
  for (let at = 0; at < key.length; at += 1) hash = Math.imul(hash ^ key.charCodeAt(at), 0x01000193);
  return (hash >>> 0) % partitions;
};
