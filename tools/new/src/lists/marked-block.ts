/** Lines of a file that are written by a program: between `# <name>: made by npm run contexts` and the next `# end`. */
export const withBlock = (text: string, name: string, lines: readonly string[]): string => {
  const lineBreak = '\n';
  const all = text.split(lineBreak);
  const begin = all.findIndex((line) => line.trim() === `# ${name}: made by npm run contexts`);
  const end = all.findIndex((line, index) => index > begin && line.trim() === '# end');
  if (begin === -1 || end === -1)
    throw new Error(`The lines "# ${name}: made by npm run contexts" and "# end" are missing.`);
  const indent = /^ */.exec(all[begin]!)![0];
  return [...all.slice(0, begin + 1), ...lines.map((line) => indent + line), ...all.slice(end)].join(lineBreak);
};
