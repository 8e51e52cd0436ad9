/** Lines of a CSV file without quotes, by column. */
export const rowsOf = (text: string): readonly Readonly<Record<string, string>>[] => {
  const [header, ...lines] = text.trim().split(/\r?\n/);
  const columns = header!.split(',');
  return lines.map((line) => {
    const cells = line.split(',');
    return Object.fromEntries(columns.map((column, index) => [column, cells[index] ?? '']));
  });
};

/** `2017-03-01` as Americans write it: `3/1/2017`. Everything else stays as it is. */
export const inAmericanDates = (text: string): string =>
  text.replaceAll(/\b(\d{4})-(\d\d)-(\d\d)\b/g, (_, year: string, month: string, day: string) =>
    [Number(month), Number(day), year].join('/'),
  );

/** UTF-16, little end first, with its byte-order mark. */
export const inUtf16 = (text: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(Buffer.from(`\uFEFF${text}`, 'utf16le'));
