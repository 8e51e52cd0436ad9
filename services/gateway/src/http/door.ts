import { ATTRIBUTES, SPANS, tracer, withRemoteParent } from '@rapport/observability';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { DoorNotes } from '../audit/door-notes.js';
import type { ViewAs } from '../access/view-as.js';
import type { AnswerSender } from '../transcoding/answer.js';
import type { ProblemSender } from './send-problem.js';
import type { SignIn } from './sign-in.js';

/** What every handler needs to answer. */
export interface Door {
  readonly answers: AnswerSender;
  readonly problems: ProblemSender;
  readonly signIn: SignIn;
  readonly notes: DoorNotes;
  readonly viewAs: ViewAs;
}

/** Answers by itself, now or later; never throws. */
export type Handler = (request: FastifyRequest, reply: FastifyReply) => void;

type Handle = (request: FastifyRequest, reply: FastifyReply) => Promise<void>;

/** Work within a span of its own, part of the trace that the client began, if it did. */
export const traced =
  (handle: Handle): Handle =>
  (request, reply) => {
    if (!tracer.enabled) return handle(request, reply);
    const { method, route } = ATTRIBUTES;
    const attributes = { [method]: request.method, [route]: request.routeOptions.url };
    return withRemoteParent(request.exchange.traceparent, () =>
      tracer.span(SPANS.httpRequest, attributes, () => handle(request, reply)),
    );
  };

const answered = async (door: Door, handle: Handle, request: FastifyRequest, reply: FastifyReply): Promise<void> => {
  const viewing = door.viewAs.enter(request);
  if (viewing) await viewing;
  return handle(request, reply);
};

/** A handler that may fail in any way: the failure becomes a problem, and a refusal is noted before. */
export const guarded =
  (door: Door, handle: Handle): Handler =>
  (request, reply) => {
    answered(door, handle, request, reply).catch(async (error: unknown) => {
      await door.notes.refused(request, error);
      if (!reply.sent) door.problems.send(request, reply, error);
      // Who was answered before hears nothing of it; the log does.
      else door.problems.failureOf(request, error);
    });
  };
