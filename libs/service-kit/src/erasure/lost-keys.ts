/** What to do when there are facts about people, but no keys: refuse to start, or go on without what is sealed for them. */
export type LostKeys = 'refuse' | 'forget';
