/** Elements between line feeds, which their JSON never contains: `instr` finds a whole element and nothing else. */
export const listText = (elements: readonly string[]): string =>
  `\n${elements.map((element) => JSON.stringify(element)).join('\n')}\n`;

export const elementText = (element: string): string => listText([element]);

/** What every element that starts so starts with, see {@link elementText}. */
export const elementStart = (start: string): string => `\n${JSON.stringify(start).slice(0, -1)}`;
