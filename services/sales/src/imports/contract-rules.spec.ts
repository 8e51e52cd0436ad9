import { type RecordTargetParts, recordImports } from '@rapport/imports';
import type { ServiceRuntime } from '@rapport/service-kit';
import { importRulesSuite } from '@rapport/testing/suites';
import type { Directory } from '../read-models/directory.js';
import { salesService } from '../sales.module.js';
import { importKinds } from './import-kinds.js';

const parts = {} as RecordTargetParts;
const told = importKinds({} as Directory, {} as ServiceRuntime, parts);

importRulesSuite([...told, ...recordImports(salesService, {} as ServiceRuntime, parts, told)]);
