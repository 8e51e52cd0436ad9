import { mongo } from 'mongoose';

/** What is asked of a server about itself. */
export interface DescribedServer {
  command(command: mongo.Document): Promise<mongo.Document>;
}

const COMMAND_NOT_FOUND = 59;

/** Whether it is a replica set, or shards that are. Servers that do not know `hello` know it by its old name. */
export const isReplicated = async (server: DescribedServer): Promise<boolean> => {
  const { setName, msg } = await server.command({ hello: 1 }).catch((error: unknown) => {
    if (error instanceof mongo.MongoServerError && error.code === COMMAND_NOT_FOUND)
      return server.command({ isMaster: 1 });
    throw error;
  });
  return setName !== undefined || msg === 'isdbgrid';
};
