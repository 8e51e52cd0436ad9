import { Inject, Injectable } from '@nestjs/common';
import { PasswordResets } from './password-resets.js';
import { ProvidedSignIns } from '../providers/provided-sign-ins.js';
import { SignIns } from './sign-ins.js';

/** How people come in. */
@Injectable()
export class WaysIn {
  constructor(
    @Inject(SignIns) readonly byPassword: SignIns,
    @Inject(ProvidedSignIns) readonly byProvider: ProvidedSignIns,
    @Inject(PasswordResets) readonly resets: PasswordResets,
  ) {}
}
