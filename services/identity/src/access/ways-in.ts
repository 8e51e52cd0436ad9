import { Inject, Injectable } from '@nestjs/common';
import { ProvidedSignIns } from './provided-sign-ins.js';
import { SignIns } from './sign-ins.js';

/** How people come in. */
@Injectable()
export class WaysIn {
  constructor(
    @Inject(SignIns) readonly byPassword: SignIns,
    @Inject(ProvidedSignIns) readonly byProvider: ProvidedSignIns,
  ) {}
}
