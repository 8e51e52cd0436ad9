/**
 * The pipeline board as of the end of every day of 2017, computed straight from the CSV, to hold the product's boards
 * against. Shares nothing with the product: not its parser, its events, its sums.
 *
 * node tests/independent/board-as-of.mjs <sales_pipeline.csv>
 * → {"2017-01-01": {"Engaging": {"count": 368, "amount": 0}, …}, …}, amounts in whole currency units
 */
import { readFileSync } from 'node:fs';

const [header, ...lines] = readFileSync(process.argv[2], 'utf8').trim().split(/\r?\n/);
const columns = header.split(',');
const deals = lines.map((line) => {
  const cells = line.split(',');
  return Object.fromEntries(columns.map((column, index) => [column, cells[index]]));
});

/** Where a deal stood at the end of a day: nowhere before it was engaged, in its last stage from its closing on. */
const standing = (deal, day) => {
  if (!deal.engage_date || deal.engage_date > day) return undefined;
  if (!deal.close_date || deal.close_date > day) return { stage: 'Engaging', amount: 0 };
  return { stage: deal.deal_stage, amount: Number(deal.close_value) };
};

const boards = {};
for (let time = Date.UTC(2017, 0, 1); time <= Date.UTC(2017, 11, 31); time += 86_400_000) {
  const day = new Date(time).toISOString().slice(0, 10);
  const board = (boards[day] = {});
  for (const deal of deals) {
    const found = standing(deal, day);
    if (!found) continue;
    board[found.stage] ??= { count: 0, amount: 0 };
    board[found.stage].count += 1;
    board[found.stage].amount += found.amount;
  }
}
console.log(JSON.stringify(boards));
