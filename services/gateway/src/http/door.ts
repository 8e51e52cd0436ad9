import type { FastifyReply, FastifyRequest } from 'fastify';
import type { AnswerSender } from '../transcoding/answer.js';
import type { ProblemSender } from './send-problem.js';
import type { SignIn } from './sign-in.js';

/** What every handler needs to answer. */
export interface Door {
  readonly answers: AnswerSender;
  readonly problems: ProblemSender;
  readonly signIn: SignIn;
}

/** Answers by itself, now or later; never throws. */
export type Handler = (request: FastifyRequest, reply: FastifyReply) => void;

/** A handler that may fail in any way: the failure becomes a problem. */
export const guarded =
  (door: Door, handle: (request: FastifyRequest, reply: FastifyReply) => Promise<void>): Handler =>
  (request, reply) => {
    handle(request, reply).catch((error: unknown) => {
      if (!reply.sent) door.problems.send(request, reply, error);
    });
  };
