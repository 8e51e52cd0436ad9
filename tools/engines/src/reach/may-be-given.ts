import { dockerIsLikely } from '../docker/docker-answers.js';
import { addressVariables } from './given.js';

/** Whether it is worth asking for engines that are there already. Quick, and loads nothing. */
export const enginesMayBeGiven = (): boolean =>
  Object.values(addressVariables).some((variable) => process.env[variable]) || dockerIsLikely();
