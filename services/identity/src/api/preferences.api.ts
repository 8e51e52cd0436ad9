import { Inject, Injectable } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { actingPerson } from '@rapport/access';
import { identityV1 } from '@rapport/contracts';
import type { CallContext, Circumstances } from '@rapport/kernel';
import { patchOf, RunCommand, RUNTIME, type ServiceRuntime } from '@rapport/service-kit';
import { preferences, type PreferenceFields, type PreferencesChanged } from '../domain/preferences/preferences.js';
import { stateIn } from '../state-of.js';

/** rapport.identity.v1.PreferencesService: one's own, and nobody else's. */
@Injectable()
export class PreferencesApi {
  constructor(
    @Inject(CommandBus) private readonly commands: CommandBus,
    @Inject(RUNTIME) private readonly runtime: ServiceRuntime,
  ) {}

  async getPreferences(_: object, { principal }: CallContext): Promise<identityV1.Preferences> {
    const state = await stateIn(this.runtime.events, preferences, principal.tenant, actingPerson(principal));
    return shown(state);
  }

  async updatePreferences(
    { preferences: message, updateMask }: identityV1.UpdatePreferencesRequest,
    call: CallContext,
  ): Promise<identityV1.Preferences> {
    const id = actingPerson(call.principal);
    const set = patchOf<PreferenceFields>(message!, updateMask);
    const decide = (state: PreferenceFields, at: Circumstances) => preferences.decide.change(state, { set }, at);
    const steps = [{ name: 'UpdatePreferences', input: set, decide }];
    const order = { decider: preferences, id, steps, call };
    return shown((await this.commands.execute(new RunCommand<PreferenceFields, PreferencesChanged>(order))).state);
  }
}

const shown = (state: PreferenceFields): identityV1.Preferences =>
  identityV1.Preferences.fromPartial({ ...state, muted: [...(state.muted ?? [])], mailed: [...(state.mailed ?? [])] });
