import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';
import { chain, type MaybePromise } from '../../../domain/maybe-promise.js';
import { rootRealm } from '../../../domain/realm.js';
import { type Inspection, TokenService } from '../../../domain/token.service.js';
import { LOGGER } from '../../../observability/log.js';
import type { ForgeRockRequest } from './forgerock.request.js';
import { ForgeRockSettings } from './forgerock.settings.js';

/**
 * Tells the operator about `TOKENINFO_REALMS` when it decides about an answer for the first time: AM answers such a request,
 * and a resource server is not told why it is refused here.
 */
@Injectable()
export class RealmHint {
  private told = false;

  constructor(
    private readonly settings: ForgeRockSettings,
    private readonly tokens: TokenService,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  /** Returns the inspection; logs a hint, once, if it would be active under another value of the setting. */
  noted(inspection: Inspection, { token, realm }: ForgeRockRequest): MaybePromise<Inspection> {
    if (this.told || inspection.status === 'active' || inspection.reason !== 'other_realm') return inspection;
    return chain(
      this.tokens.inspect(token, () => true),
      ({ status }) => {
        if (status === 'active' && !this.told) this.tell(realm);
        return inspection;
      },
    );
  }

  private tell(realm: string | undefined): void {
    this.told = true;
    const others = this.settings.realms === 'named' && realm === rootRealm ? 'root-any or any' : 'any';
    this.log.warn(
      { setting: 'TOKENINFO_REALMS', realm },
      `TOKENINFO_REALMS: an active token of another realm was refused; ${others} would answer for it`,
    );
  }
}
