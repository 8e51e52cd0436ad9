import type { handleUnaryCall } from '@grpc/grpc-js';
import type { FaultSwitchboard } from '../faults/fault-switchboard.js';
import { ServiceFailure, unknown } from '../wire/failures.js';

/** Like the real server, which reports what it did not foresee with its text. */
export const failureOf = (error: unknown): ServiceFailure =>
  error instanceof ServiceFailure ? error : unknown(error instanceof Error ? error.message : String(error));

/** A unary call under the faults that are switched on. */
export const unary =
  <Request, Answer>(
    faults: FaultSwitchboard,
    writes: boolean,
    handle: (request: Request) => Answer | Promise<Answer>,
  ): handleUnaryCall<Request, Answer> =>
  (call, callback) => {
    const answer = async (): Promise<Answer> => {
      faults.admit(call.metadata, writes);
      const result = await handle(call.request);
      await faults.delay();
      return result;
    };
    answer().then(
      (result) => callback(null, result),
      (error: unknown) => callback(failureOf(error)),
    );
  };
