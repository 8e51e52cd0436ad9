import { idFrom } from '@rapport/kernel';

/** Where won and lost opportunities stand, in every pipeline. */
export const WON_STAGE = 'Won';
export const LOST_STAGE = 'Lost';

/**
 * The id of a stage that came to be before stages had ids: it follows from the name as it was written and nothing else,
 * since not every event of then names a pipeline. So stages of several pipelines may share an id; a stage is known by its
 * pipeline and its id.
 */
export const stageIdOf = (name: string): string => idFrom('stage', name);

/** Both are called so for ever, so their ids follow from their names too. */
export const WON_STAGE_ID = stageIdOf(WON_STAGE);
export const LOST_STAGE_ID = stageIdOf(LOST_STAGE);
