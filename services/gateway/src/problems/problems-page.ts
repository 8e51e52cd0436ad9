import { failureTable } from './failure-table.js';
import { problemCodes } from './problem-codes.js';

/** A short page for people who followed the `type` of a problem. */
export const problemsPage = (code?: string): string => {
  const known = Object.entries(problemCodes).filter(([name]) => code === undefined || name === code);
  const rows = known.map(([name, kind]) => {
    const { status, title, advice, retryable } = failureTable[kind];
    const cells = [`<code>${name}</code>`, status, title, plain(advice), retryable ? 'yes' : 'no'];
    return `<tr id="${name}">${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`;
  });
  const note =
    known.length > 0 && code === undefined
      ? 'Services have further codes; their problems say in <code>detail</code> what to do.'
      : known.length === 0
        ? 'This code comes from one of the services; its problem says in <code>detail</code> what to do.'
        : '';
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Problems – Rapport</title><link rel="stylesheet" href="/docs/docs.css"></head>
<body><h1>Problems</h1><p>${note} <a href="/problems">All problems</a> · <a href="/docs">Documentation</a></p>
<table><thead><tr><th>Code</th><th>Status</th><th>What</th><th>What to do</th><th>Retry</th></tr></thead>
<tbody>${rows.join('\n')}</tbody></table></body></html>
`;
};

const plain = (markdown: string): string =>
  markdown.replaceAll('<', '&lt;').replaceAll(/`([^`]*)`/g, '<code>$1</code>');
