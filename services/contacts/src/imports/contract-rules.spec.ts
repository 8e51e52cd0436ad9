import type { RecordTargetParts } from '@rapport/imports';
import type { ServiceRuntime } from '@rapport/service-kit';
import { importRulesSuite } from '@rapport/testing/suites';
import type { Suppressions } from '../suppression/suppressions.js';
import { importKinds } from './import-kinds.js';

importRulesSuite(importKinds({} as ServiceRuntime, {} as RecordTargetParts, {} as Suppressions));
