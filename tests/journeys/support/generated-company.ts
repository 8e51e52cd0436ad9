import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const PRODUCTS = [
  ['GTX Basic', 'GTX', 550],
  ['GTX Pro', 'GTX', 4821],
  ['MG Special', 'MG', 55],
] as const;
const SECTORS = ['technolgy', 'medical', 'retail', 'software'];
const STAGES = ['Prospecting', 'Engaging', 'Won', 'Won', 'Won', 'Lost', 'Lost'];
const FIRST_DAY = Date.UTC(2016, 9, 20);
const DAY = 86_400_000;

/**
 * A small company's files, made the same every time, with the dirt that real ones have: a product under another name, a
 * misspelt sector, parents by name (some below their children), opportunities without account or date, CRLF.
 */
export const writeGeneratedCompany = async (folder: string, opportunities = 400): Promise<void> => {
  const random = randomNumbers(42);
  const below = (limit: number): number => Math.floor(random() * limit);
  const agents = Array.from({ length: 7 }, (_, index) => `Agent ${index + 1}`);
  const accounts = Array.from({ length: 20 }, (_, index) => `Company ${index + 1}`);
  const deal = (_: unknown, index: number): Cell[] => {
    const stage = STAGES[below(STAGES.length)]!;
    const [product, , price] = PRODUCTS[below(PRODUCTS.length)]!;
    const isOpen = stage === 'Prospecting' || stage === 'Engaging';
    const opened = FIRST_DAY + below(400) * DAY;
    const account = isOpen && random() < 0.6 ? '' : accounts[below(accounts.length)]!;
    const name = product === 'GTX Pro' && random() < 0.6 ? 'GTXPro' : product;
    const closed = isOpen ? '' : dayOf(Math.min(opened + (1 + below(120)) * DAY, Date.UTC(2017, 11, 31)));
    const value = stage === 'Won' ? price - below(50) : stage === 'Lost' ? 0 : '';
    const openedOn = stage === 'Prospecting' ? '' : dayOf(opened);
    return [`DEAL${index}`, agents[below(agents.length)]!, name, account, stage, openedOn, closed, value];
  };
  await mkdir(folder, { recursive: true });
  const write = (file: string, columns: string, rows: readonly (readonly Cell[])[]): Promise<void> =>
    writeFile(join(folder, file), [columns, ...rows.map((row) => row.join())].map((line) => `${line}\r\n`).join(''));
  await write('products.csv', 'product,series,sales_price', PRODUCTS);
  await write(
    'sales_teams.csv',
    'sales_agent,manager,regional_office',
    agents.map((agent, index) => [agent, `Manager ${(index % 3) + 1}`, ['Central', 'East', 'West'][index % 3]!]),
  );
  await write(
    'accounts.csv',
    'account,sector,year_established,revenue,employees,office_location,subsidiary_of',
    accounts.map((name, index) => [
      ...[name, SECTORS[index % 4]!, 1980 + index, (below(900_000) + 1) / 100, below(5_000), 'Kenya'],
      index % 5 === 0 ? accounts[(index + 7) % accounts.length]! : '',
    ]),
  );
  await write(
    'sales_pipeline.csv',
    'opportunity_id,sales_agent,product,account,deal_stage,engage_date,close_date,close_value',
    Array.from({ length: opportunities }, deal),
  );
};

type Cell = string | number;

const dayOf = (time: number): string => new Date(time).toISOString().slice(0, 10);

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
const randomNumbers = (seed: number) => (): number => {
  seed = (seed + 0x6d2b79f5) | 0;
  let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
};
