import { mongo } from 'mongoose';
import { isDuplicateKey } from './database-problem.js';

/**
 * Which writes of a call collided with an `_id`; all others were done. Any other failure is thrown on, also where the driver
 * says it in the class of bulk writes and names no write: a connection that was lost.
 */
export const collisions = (error: unknown): readonly number[] => {
  if (!(error instanceof mongo.MongoBulkWriteError) || !isDuplicateKey(error)) throw error;
  const errors = [error.writeErrors].flat();
  if (error.result.getWriteConcernError() || !errors.every(({ code }) => code === error.code)) throw error;
  return errors.map(({ index }) => index);
};
