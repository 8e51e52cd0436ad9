import type { Bench } from './row.js';
import { append } from './rows/append.js';
import { create } from './rows/create.js';
import { importing } from './rows/import.js';
import { list } from './rows/list.js';
import { others } from './rows/others.js';
import { projection } from './rows/projection.js';
import { rights } from './rows/rights.js';
import { scan } from './rows/scan.js';
import { sealing } from './rows/sealing.js';
import { search } from './rows/search.js';
import { start } from './rows/start.js';
import { update } from './rows/update.js';
import { visible } from './rows/visible.js';

/** Everything that is measured. `scan`, `list`, `visible`, `update`, `others`, `start` and `search` use the server that `import` has filled, in this order. */
export const benches: readonly Bench[] = [
  create,
  append,
  projection,
  importing,
  scan,
  list,
  visible,
  update,
  others,
  start,
  sealing,
  rights,
  search,
];
