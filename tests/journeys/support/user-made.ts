import type { Api, Fields, List } from './api.js';
import { eventually } from './eventually.js';

/** The user whom a representative of sales is, once there is one and that one is as wanted. */
export const userMade = async (
  api: Api,
  representative: string,
  wanted: (user: Fields) => boolean = () => true,
): Promise<Fields> => {
  const filter = encodeURIComponent(`id = "${representative}"`);
  const { data } = await eventually(
    () => api.get<List<Fields>>(`/v1/users?archived=true&filter=${filter}`),
    ({ data: [user] }) => user !== undefined && wanted(user),
  );
  return data[0]!;
};
