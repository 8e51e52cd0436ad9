/**
 * What was sold, and how deals ended, computed straight from the CSV files, to hold the product's reports against. Shares
 * nothing with the product: not its parser, its events, its sums.
 *
 * node tests/independent/sales-figures.mjs <folder with sales_pipeline.csv and sales_teams.csv>
 * → {"outcomes": {"won": 4238, …, "winRate": 63.15, "meanDays": 51.78, "medianDays": 57},
 *    "won": {"quarter": {"2017-Q1": [531, 1134672], …}, "owner": {…}, …}}, each [deals, whole currency units]
 */
import { readFileSync } from 'node:fs';

const rowsOf = (file) => {
  const [header, ...lines] = readFileSync(`${process.argv[2]}/${file}`, 'utf8').trim().split(/\r?\n/);
  const columns = header.split(',');
  return lines.map((line) => Object.fromEntries(line.split(',').map((cell, index) => [columns[index], cell])));
};

const deals = rowsOf('sales_pipeline.csv');
const agents = Object.fromEntries(rowsOf('sales_teams.csv').map((agent) => [agent.sales_agent, agent]));
const won = deals.filter(({ deal_stage: stage }) => stage === 'Won');
const lost = deals.filter(({ deal_stage: stage }) => stage === 'Lost');

const dimensions = {
  year: (deal) => deal.close_date.slice(0, 4),
  quarter: (deal) => `${deal.close_date.slice(0, 4)}-Q${Math.ceil(Number(deal.close_date.slice(5, 7)) / 3)}`,
  month: (deal) => deal.close_date.slice(0, 7),
  owner: (deal) => deal.sales_agent,
  manager: (deal) => agents[deal.sales_agent].manager,
  region: (deal) => agents[deal.sales_agent].regional_office,
  product: (deal) => (deal.product === 'GTXPro' ? 'GTX Pro' : deal.product),
  account: (deal) => deal.account,
};

const grouped = (keyOf) => {
  const groups = {};
  for (const deal of won) {
    const group = (groups[keyOf(deal)] ??= [0, 0]);
    group[0] += 1;
    group[1] += Number(deal.close_value);
  }
  return groups;
};

const days = won
  .map((deal) => (Date.parse(deal.close_date) - Date.parse(deal.engage_date)) / 86_400_000)
  .sort((one, other) => one - other);
const round = (number) => Math.round(number * 100) / 100;
const middle = days.length / 2;

console.log(
  JSON.stringify({
    outcomes: {
      opportunities: deals.length,
      won: won.length,
      lost: lost.length,
      wonValue: won.reduce((sum, deal) => sum + Number(deal.close_value), 0),
      winRate: round((100 * won.length) / (won.length + lost.length)),
      meanDays: round(days.reduce((sum, length) => sum + length, 0) / days.length),
      medianDays: (days[Math.ceil(middle) - 1] + days[Math.floor(middle)]) / 2,
    },
    won: Object.fromEntries(Object.entries(dimensions).map(([name, keyOf]) => [name, grouped(keyOf)])),
  }),
);
