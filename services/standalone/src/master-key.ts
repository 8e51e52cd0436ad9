import { MasterKey } from '@rapport/privacy';
import { fileIn } from './data-folder.js';
import type { StandaloneConfig } from './settings.js';

/** As it is set, else as it lies in the data folder, where the first start puts it. */
export const masterKeyIn = ({ data, masterKey }: Pick<StandaloneConfig, 'data' | 'masterKey'>): MasterKey =>
  masterKey === null
    ? MasterKey.fromFile(fileIn(data, 'master.key'))
    : MasterKey.fromBase64(masterKey, 'RAPPORT_MASTER_KEY');
