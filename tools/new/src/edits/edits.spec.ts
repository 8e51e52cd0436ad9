import { describe, expect, it } from '@jest/globals';
import { withAggregate, withContext } from './contexts-list.js';
import { withContextModule, withRecord } from './modules.js';
import { withWorkspaces } from './package-lock.js';
import { withPage, withWord } from './pages.js';

const LIST = `export const contexts = [
  {
    name: 'sales',
    title: 'Sales',
    aggregates: ['product'],
    importKinds: [],
    port: 50_052,
  },
] as const satisfies readonly ContextEntry[];
`;

describe('the list of contexts', () => {
  it('takes a context and a record of it', () => {
    const entry = { name: 'tickets', title: 'Tickets', aggregates: [], importKinds: [], port: 50_053 };
    const list = withAggregate(withContext(LIST, entry), 'tickets', 'ticket', 'tickets');
    expect(list).toContain("aggregates: ['ticket'],\n    importKinds: ['tickets'],\n    port: 50_053,");
    expect(withAggregate(list, 'sales', 'quote', 'quotes')).toContain("aggregates: ['product', 'quote']");
  });

  it('is not guessed at where it looks otherwise', () => {
    expect(() => withAggregate(LIST, 'tickets', 'ticket', 'tickets')).toThrow(/Add the entry by hand/);
    expect(() => withContext('nothing', { name: 'x', title: 'X', aggregates: [], importKinds: [], port: 1 })).toThrow();
  });
});

describe('modules', () => {
  it('serve one record more, the first one too', () => {
    const module = "import { serviceModule } from '@rapport/service-kit';\n\nx({\n  aggregates: {},\n});\n";
    const one = withRecord(module, 'ticket', { name: 'tickets', file: 'tickets' }, 'm.ts');
    expect(one).toContain(
      "import { serviceModule, serve } from '@rapport/service-kit';\nimport { tickets } from './records/tickets.js';\n",
    );
    expect(withRecord(one, 'queue', { name: 'queues', file: 'queues' }, 'm.ts')).toContain(
      '  aggregates: {\n    queue: serve(queues),\n    ticket: serve(tickets),\n  },',
    );
    expect(() => withRecord('', 'ticket', { name: 'tickets', file: 'tickets' }, 'm.ts')).toThrow(/m\.ts does not look/);
  });

  it('are one more in standalone', () => {
    const map = "import a from 'a';\n\nconst m: Readonly<Record<ContextName, ContextModule>> = {\n};\n";
    expect(withContextModule(map, 'tickets')).toContain(
      '  tickets: { service: ticketsService, module: ticketsModule },\n',
    );
  });
});

describe('pages', () => {
  it('are listed, and words stand in their order', () => {
    const pages =
      '| What |   |\n| --- | - |\n| [A](a.md) | a |\n| [B](b.md) | b |\n\n| More |\n| --- |\n| [C](c.md) |\n';
    expect(withPage(pages, 'Tickets', 'tickets.md', 'x')).toContain('| b |\n| [Tickets](tickets.md) | x |\n\n');
    const words = '| Word | Meaning |\n| ---- | ------- |\n| [Access](a.md) | a |\n| Tenant | t |\n';
    expect(withWord(words, 'Ticket', 'a ticket').split('\n').slice(3)).toEqual([
      '| Tenant | t |',
      '| Ticket | a ticket |',
      '',
    ]);
    expect(withWord(words, 'Note', 'a note').split('\n')[3]).toBe('| Note | a note |');
  });
});

it('a lock file has a workspace as npm would note it', () => {
  const manifest = JSON.stringify({ name: '@rapport/tickets', version: '0.1.0', license: 'Apache-2.0', private: true });
  const lock = JSON.stringify({ name: 'rapport', packages: { '': {}, 'services/sales': {}, 'tools/new': {} } });
  expect(
    Object.entries(
      (JSON.parse(withWorkspaces(lock, { 'services/tickets': manifest })) as { packages: object }).packages,
    ),
  ).toEqual([
    ['', {}],
    ['node_modules/@rapport/tickets', { resolved: 'services/tickets', link: true }],
    ['services/sales', {}],
    ['services/tickets', { name: '@rapport/tickets', version: '0.1.0', license: 'Apache-2.0' }],
    ['tools/new', {}],
  ]);
});
