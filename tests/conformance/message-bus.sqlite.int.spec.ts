import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { messageBusSuite } from '@rapport/message-bus/conformance';
import { openSqliteMessageBus } from '@rapport/sqlite';

messageBusSuite('SQLite', {
  features: { survivesRestart: true, reconnects: false, shared: false },
  open: async () => {
    const folder = mkdtempSync(join(tmpdir(), 'rapport-bus-'));
    const file = join(folder, 'bus.db');
    let bus = openSqliteMessageBus({ file });
    return {
      bus,
      reopen: async () => {
        await bus.close();
        return (bus = openSqliteMessageBus({ file }));
      },
      close: async () => {
        await bus.close();
        rmSync(folder, { recursive: true });
      },
    };
  },
});
