import { MongoClient } from 'mongodb';
import type { Probe } from '../until-ready.js';

const WITHIN_MILLISECONDS = 3_000;

/** Asks a MongoDB for its version. */
export const probeMongo: Probe = async (address) => {
  const client = new MongoClient(address, {
    serverSelectionTimeoutMS: WITHIN_MILLISECONDS,
    connectTimeoutMS: WITHIN_MILLISECONDS,
    socketTimeoutMS: WITHIN_MILLISECONDS,
  });
  try {
    const { version, gitVersion } = await client.db('admin').command({ buildInfo: 1 });
    // Only MongoDB's own server was built from a commit of its own.
    return `${gitVersion ? 'MongoDB' : 'compatible with MongoDB'} ${String(version)}`;
  } finally {
    await client.close();
  }
};
