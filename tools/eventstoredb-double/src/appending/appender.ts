import type { Outcome } from '../log/outcome.js';
import type { Writer } from '../log/writer.js';
import type { AppendRequest } from './append-request.js';
import { checked, type Limits } from './limits.js';

/** One append, whichever call it came by. */
export const appender =
  (writer: Writer, limits: Limits) =>
  (request: AppendRequest): Outcome => {
    const events = checked(request, limits);
    return 'kind' in events ? events : writer.append(request.stream, request.expected, events);
  };

export type Append = ReturnType<typeof appender>;
