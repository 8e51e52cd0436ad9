import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe } from '@jest/globals';
import { companyJourney } from './company-journey.js';
import { writeGeneratedCompany } from './support/index.js';

const folder = mkdtempSync(join(tmpdir(), 'rapport-company-'));
beforeAll(() => writeGeneratedCompany(folder));
afterAll(() => rm(folder, { recursive: true }));

describe('a small company', () => {
  companyJourney(folder);
});
