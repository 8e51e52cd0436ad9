import { DomainError } from '@rapport/kernel';

/** The file as a whole cannot be read; says where and what to do. */
export const fileProblem = (code: string, message: string, cause?: unknown): DomainError =>
  new DomainError('invalid', code, message, { cause });
