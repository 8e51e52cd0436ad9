import { mongo } from 'mongoose';

export const DUPLICATE_KEY = 11_000;

/** Whether a document was refused because another one has its id. */
export const isDuplicate = (error: unknown): boolean =>
  error instanceof mongo.MongoServerError && error.code === DUPLICATE_KEY;
