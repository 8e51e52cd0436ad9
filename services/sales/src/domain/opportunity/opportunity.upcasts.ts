import type { Upcast } from '@rapport/kernel';
import { DEFAULT_CATEGORY } from '../pipeline/forecast-category.js';
import { stageIdOf } from '../pipeline/stage-id.js';

/** Version 1 knew a stage by its name. */
const placed: Upcast = (data) => {
  const { stage } = data as { readonly stage: string };
  return { ...data, stageId: stageIdOf(stage) };
};

const undone: Upcast = (data) => {
  const { set } = data as { readonly set: { readonly stage?: string; readonly stageBeforeClosing?: string | null } };
  const { stageBeforeClosing: before, ...rest } = set;
  const stageIdBeforeClosing = before && stageIdOf(before);
  return {
    ...data,
    set: {
      ...rest,
      ...(rest.stage === undefined ? {} : { stageId: stageIdOf(rest.stage) }),
      ...(before === undefined ? {} : { stageIdBeforeClosing }),
    },
  };
};

/** Version 2 knew no categories of forecasts. */
const categorized: Upcast = (data) => ({ ...data, forecastCategory: DEFAULT_CATEGORY });

/** A status that comes back brings its category along. */
const categorizedAgain: Upcast = (data) => {
  const { set } = data as { readonly set: { readonly status?: keyof typeof CATEGORIES } };
  return set.status === undefined ? data : { ...data, set: { ...set, forecastCategory: CATEGORIES[set.status] } };
};

const CATEGORIES = { open: DEFAULT_CATEGORY, won: 'closed', lost: 'omitted' } as const;

/** Version 2: stages have ids. Version 3: opportunities have a category of the forecast. */
export const opportunityUpcasts = {
  OpportunityCreated: [placed, categorized],
  OpportunityMoved: [placed, categorized],
  OpportunityReopened: [placed, categorized],
  OpportunityChangeUndone: [undone, categorizedAgain],
} as const;
