import { Inject, Injectable } from '@nestjs/common';
import { Passkeys } from '../passkeys/passkeys.js';
import { SecondFactors } from '../second-factor/second-factors.js';
import { PasswordResets } from './password-resets.js';
import { ProvidedSignIns } from '../providers/provided-sign-ins.js';
import { SignIns } from './sign-ins.js';

/** How people come in. */
@Injectable()
export class WaysIn {
  constructor(
    @Inject(SignIns) readonly byPassword: SignIns,
    @Inject(Passkeys) readonly byPasskey: Passkeys,
    @Inject(ProvidedSignIns) readonly byProvider: ProvidedSignIns,
    @Inject(SecondFactors) readonly factors: SecondFactors,
    @Inject(PasswordResets) readonly resets: PasswordResets,
  ) {}
}
