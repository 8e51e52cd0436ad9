/** What an open opportunity may be counted as in a forecast, least certain first. */
export const openCategories = ['omitted', 'pipeline', 'bestCase', 'commit'] as const;

/** A stage says which, unless somebody has said otherwise. */
export type OpenCategory = (typeof openCategories)[number];

/** What a forecast counts an opportunity as: `closed` once it is won, `omitted` once it is lost. */
export type ForecastCategory = OpenCategory | 'closed';

/** Of stages that say nothing, and of everything that is older than categories. */
export const DEFAULT_CATEGORY: OpenCategory = 'pipeline';
