import type { AccessToken } from './access-token.js';
import type { Client } from './client.js';
import type { Directory } from './directory.js';
import { type Inactive, inactive } from './inactive.js';
import { isWithin } from './page.js';
import type { Realm } from './realm.js';
import type { RefreshToken } from './refresh-token.js';
import type { ResourceOwner } from './resource-owner.js';
import type { Active, TokenChecker } from './token-checker.js';
import type { RecordedRevocation, TokenRecords } from './token-record.js';
import type { Inspection, RealmFilter } from './token.service.js';

/** A token of either kind as the database has it, with its subjects as they are now. */
export type StoredToken = StoredAccess | StoredRefresh;

interface Stored {
  /** Undefined for a token that was not revoked. */
  readonly revocation?: RecordedRevocation;
  /** What its expiry and its subjects say, whether or not it was revoked. */
  readonly checked: Active | Inactive;
  readonly subjects: Subjects;
}

interface StoredAccess extends Stored {
  readonly kind: 'access';
  readonly token: AccessToken;
}

interface StoredRefresh extends Stored {
  readonly kind: 'refresh';
  readonly token: RefreshToken;
}

interface Subjects {
  readonly realm?: Realm;
  readonly client?: Client;
  readonly resourceOwner?: ResourceOwner;
}

/** Finds tokens as they are stored. It bypasses every cache. */
export class StoredTokens {
  /**
   * @param directory without a cache
   * @param checker reads the same directory
   */
  constructor(
    private readonly records: TokenRecords,
    private readonly directory: Directory,
    private readonly checker: TokenChecker,
  ) {}

  /**
   * The token under this hash if its realm is `within` or below it; undefined for every other one, and where there is
   * none.
   * @throws StoreUnavailable
   */
  async find(hash: Buffer, within: string): Promise<StoredToken | undefined> {
    const access = await this.records.findAccessToken(hash);
    if (access) return isWithin(access.token.realm, within) ? this.stored('access', access) : undefined;
    const refresh = await this.records.findRefreshToken(hash);
    if (refresh) return isWithin(refresh.token.realm, within) ? this.stored('refresh', refresh) : undefined;
    return undefined;
  }

  private async stored<Kind extends StoredToken['kind'], Token extends AccessToken | RefreshToken>(
    kind: Kind,
    { token, revocation }: { readonly token: Token; readonly revocation?: RecordedRevocation },
  ) {
    const [checked, realm, client, resourceOwner] = await Promise.all([
      this.checker.check(token),
      this.directory.findRealm(token.realm),
      this.directory.findClient(token.realm, token.clientId),
      token.username === undefined
        ? undefined
        : this.directory.findResourceOwner(token.realm, token.username),
    ]);
    return { kind, token, revocation, checked, subjects: { realm, client, resourceOwner } };
  }
}

/** The inspection of a stored token, with the checks in the order of `TokenService.inspect`. */
export function inspectStored(stored: StoredToken, inRealms: RealmFilter): Inspection {
  if (stored.kind === 'refresh') return inactive.refresh_token;
  if (stored.revocation) return inactive.revoked;
  if (!inRealms(stored.token.realm)) return inactive.other_realm;
  const { checked, token } = stored;
  return checked.status === 'active' ? { ...checked, token } : checked;
}
