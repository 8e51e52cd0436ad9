import { filledIn } from '../workplace/filled.js';
import { megabytes, seconds, whole } from '../report/figures.js';
import type { Bench } from '../row.js';
import type { ImportMeasured } from '../workplace/import-contacts.js';

/** A file of people with repeated addresses, through the public API. */
export const importing: Bench = {
  name: 'import',
  async measure(workplace) {
    const { imported } = await filledIn(workplace);
    const { rows, counts, complete, upload, validate, run } = imported;
    const perMinute = (counts['processed']! * 60_000) / (upload + validate + run);
    const flat = isFlat(imported);
    return [
      {
        what: `import with duplicate check, ${whole(rows)} rows`,
        figure: `${complete ? '' : 'cut off: '}${whole(perMinute)} contacts/min, memory ${flat === undefined ? 'not known here' : flat ? 'flat' : 'growing'}`,
        limit: 'Twenty documents 6,000 records/min',
        aim: '≥ 150,000/min, memory in the second half ≤ 1.2 × the first',
        ...(flat === undefined ? {} : { met: complete && perMinute >= 150_000 && flat }),
        notes: notesOf(imported),
      },
    ];
  },
};

const isFlat = ({ memory: { firstHalf, secondHalf } }: ImportMeasured): boolean | undefined =>
  firstHalf && secondHalf && secondHalf.peak <= firstHalf.peak * 1.2;

const notesOf = ({
  repeated,
  counts,
  rates,
  upload,
  validate,
  run,
  listed,
  memory,
}: ImportMeasured): readonly string[] => {
  const { before, firstHalf, secondHalf, after } = memory;
  const { created, updated, unchanged, skipped, failed } = counts;
  return [
    `Upload ${seconds(upload / 1_000)}, validation (a dry run of every row) ${seconds(validate / 1_000)}, run ${seconds(run / 1_000)}; the run alone makes ${whole((counts['processed']! * 60_000) / run)}/min.`,
    `${whole(repeated)} rows repeat an e-mail address of a row above. Came to: created ${created}, updated ${updated}, unchanged ${unchanged}, skipped ${skipped}, failed ${failed}.`,
    `Rows per second in each quarter of the run: ${rates.map(whole).join(', ')}.`,
    `Every list showed all of it ${seconds(listed / 1_000)} after the run.`,
    `Memory of the server: before ${megabytes(before?.resident)}; peak in the first half of the run ${megabytes(firstHalf?.peak)}, in the second ${megabytes(secondHalf?.peak)}; at rest afterwards ${megabytes(after?.resident)}.`,
    `Of it private to the process, the rest being mapped pages of the database files: at half-time ${megabytes(firstHalf?.anonymous)}, at the end ${megabytes(secondHalf?.anonymous)}, at rest ${megabytes(after?.anonymous)}.`,
  ];
};
