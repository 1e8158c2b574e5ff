import { randomUUID } from 'node:crypto';
import { hashToken } from './access-token.js';
import type { AuthorizationCodeStore } from './authorization-code.js';
import type { AuthorizationRequest, CheckedRequest } from './authorization-request.js';
import type { Client } from './client.js';
import type { Clock } from './clock.js';
import type { LiveSession } from './session.js';
import type { TokenCodec } from './token-codec.js';
import { endAfter } from './token-time.js';

/** What a resource owner has let a client have. */
export interface CodeGrant {
  readonly client: Client;
  readonly request: AuthorizationRequest;
  readonly checked: CheckedRequest;
  readonly live: LiveSession;
}

/** Issues authorization codes (RFC 6749 §4.1.2). */
export class AuthorizationCodeIssuer {
  /** @param lifetime of a code, in whole seconds */
  constructor(
    private readonly store: AuthorizationCodeStore,
    private readonly codec: TokenCodec,
    private readonly clock: Clock,
    private readonly lifetime: number,
  ) {}

  /**
   * Issues a code. Any node can redeem it when the promise resolves.
   * @returns its value: `syc_`, 43 random characters, and the tag
   * @throws StoreUnavailable
   */
  async issue({ client, request, checked, live: { session, realm } }: CodeGrant): Promise<string> {
    const value = this.codec.mint('syc_');
    const issuedAt = this.clock.now();
    await this.store.insert({
      hash: hashToken(value),
      family: randomUUID(),
      realm: session.realm,
      clientId: client.clientId,
      username: session.username,
      scope: checked.scope,
      authLevel: realm.authLevel,
      redirectUri: request.redirectUri,
      codeChallenge: checked.codeChallenge,
      epochs: { ...session.epochs, client: client.epoch },
      state: request.state,
      additionalInformation: checked.additionalInformation,
      issuedAt,
      expiresAt: endAfter(issuedAt, this.lifetime),
    });
    return value;
  }
}
