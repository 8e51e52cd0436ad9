import { Inject, Injectable } from '@nestjs/common';
import { Attempts } from '@rapport/access';
import { type CallContext, DomainError } from '@rapport/kernel';
import { RUNTIME, type ServiceRuntime } from '@rapport/service-kit';
import { type Factor, signIn } from '../../domain/sign-in/sign-in.js';
import { digestOf, isSame } from '../secret.js';
import { UserRights } from '../rights.js';
import { isDemanded } from '../sessions/session-strength.js';
import { Sessions } from '../sessions/sessions.js';
import { newRecoveryCode, newTotpSecret, recoveryCode, stepOf } from './totp.js';

const RECOVERY_CODES = 10;

/** What is asked for beside the password, where somebody wants that. */
@Injectable()
export class SecondFactors {
  /** There are a million codes only. */
  private readonly attempts: Attempts;

  constructor(
    @Inject(RUNTIME) private readonly runtime: ServiceRuntime,
    @Inject(Sessions) private readonly sessions: Sessions,
    @Inject(UserRights) private readonly rights: UserRights,
  ) {
    this.attempts = new Attempts(() => runtime.engines.ticks.now());
  }

  async of(userId: string, { principal }: CallContext): Promise<Factor | undefined> {
    return (await this.sessions.signInOf(principal.tenant, userId)).factor;
  }

  /** Uses a code up; says whether one was asked for. @throws DomainError forbidden `code-needed` | `code-refused` */
  async check(userId: string, code: string | undefined, call: CallContext): Promise<boolean> {
    const factor = await this.of(userId, call);
    if (!factor) return false;
    if (code === undefined) throw codeNeeded();
    const attempt = this.attempts.begin(`${call.principal.tenant} ${userId}`);
    const step = this.step(factor.secret, code);
    const digest = digestOf(recoveryCode(code));
    const isRecovery = factor.recovery.map((kept) => isSame(kept, digest)).includes(true);
    if (step === undefined && !isRecovery) throw codeRefused();
    const use =
      step === undefined
        ? this.sessions.change(userId, 'UseRecoveryCode', call, (state, at) =>
            signIn.decide.useRecovery(state, { digest }, at),
          )
        : this.sessions.change(userId, 'UseCode', call, (state, at) => signIn.decide.useCode(state, { step }, at));
    await use.catch((failure: unknown) => {
      throw failure instanceof DomainError && failure.code === 'code-used' ? codeRefused() : failure;
    });
    attempt.succeeded();
    return true;
  }

  /** Whether the organisation wants more than a password of this user. */
  async isDemanded(userId: string, { principal: { tenant } }: CallContext): Promise<boolean> {
    const rights = await this.rights.of(tenant, userId);
    return rights !== undefined && isDemanded(await this.sessions.settingsOf(tenant), rights);
  }

  async propose(userId: string, call: CallContext): Promise<string> {
    const secret = newTotpSecret();
    await this.sessions.change(userId, 'ProposeSecondFactor', call, (state, at) =>
      signIn.decide.proposeFactor(state, { secret }, at),
    );
    return secret;
  }

  /** Codes for whoever loses the app. */
  async confirm(userId: string, code: string, call: CallContext): Promise<readonly string[]> {
    const { proposed } = await this.sessions.signInOf(call.principal.tenant, userId);
    const step = this.step(proposed, code);
    if (proposed !== undefined && step === undefined) throw codeWrong();
    const codes = Array.from({ length: RECOVERY_CODES }, newRecoveryCode);
    const recovery = codes.map((each) => digestOf(recoveryCode(each)));
    await this.sessions.change(userId, 'ConfirmSecondFactor', call, (state, at) =>
      signIn.decide.confirmFactor(state, { step: step ?? 0, recovery }, at),
    );
    return codes;
  }

  async remove(userId: string, call: CallContext): Promise<void> {
    await this.sessions.change(userId, 'RemoveSecondFactor', call, (state, at) =>
      signIn.decide.removeFactor(state, {}, at),
    );
  }

  private step(secret: string | undefined, code: string): number | undefined {
    return secret === undefined ? undefined : stepOf(secret, code, this.runtime.engines.clock.now(), isSame);
  }
}

const codeNeeded = (): DomainError =>
  new DomainError('forbidden', 'code-needed', 'Give the code that your app shows as well.');

const codeRefused = (): DomainError =>
  new DomainError('forbidden', 'code-refused', 'This code is not right, or was used before. Wait for the next one.');

const codeWrong = (): DomainError => {
  const message = 'This is not the code that the app shows for this secret. Is the clock of the device right?';
  return new DomainError('invalid', 'code-wrong', message, {
    fields: [{ pointer: '/code', code: 'code-wrong', message }],
  });
};
