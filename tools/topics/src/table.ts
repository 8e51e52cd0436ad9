import type { PlannedTopic } from './planned-topics.js';

export const asJson = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

export const asTable = (planned: readonly PlannedTopic[]): string => {
  const rows = planned.map(({ topic, partitions, replicationFactor, config }) => {
    const settings = Object.entries(config).map(([name, value]) => `${name}=${value}`);
    return [topic, String(partitions), String(replicationFactor), settings.join(' ')];
  });
  const table = [['topic', 'partitions', 'copies', 'config'], ...rows];
  const widths = table[0]!.map((_, column) => Math.max(...table.map((row) => row[column]!.length)));
  const lines = table.map((row) => row.map((cell, column) => cell.padEnd(widths[column]!)).join('  '));
  return `${lines.map((line) => line.trimEnd()).join('\n')}\n`;
};
