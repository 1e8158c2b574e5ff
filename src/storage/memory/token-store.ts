import {
  type AccessToken,
  AccessTokenStore,
  hashKey,
  type StoredAccessToken,
} from '../../domain/access-token.js';
import type { AuditLog, NewAuditEvent } from '../../domain/audit.js';
import type { Clock } from '../../domain/clock.js';
import {
  maxRetries,
  type RefreshToken,
  type RefreshTokenStore,
  type Rotation,
} from '../../domain/refresh-token.js';
import type { ImportBatch } from '../../domain/token-import.js';
import type { FamilyOwner, RecordedRevocation, Revocation, TokenRecords } from '../../domain/token-record.js';
import type { TokenStatistics } from '../../domain/token-statistics.js';
import { remove } from './remove.js';
import { tokensOfUser } from './user-tokens.js';

/** The fewest tokens at which a sweep starts; with fewer, removing expired ones is not worth it. */
const smallestSweep = 1024;

/** How long a family is kept after it expires, in milliseconds: an earlier refresh may still be under way. */
const keptBeyondEndMs = 60_000;

/** A revoked token is kept until it expires, so that a repeated import does not make it active again. */
interface KeptAccessToken {
  readonly token: AccessToken;
  readonly revocation?: RecordedRevocation;
  /** Of its family, where it was revoked with that. */
  readonly ofFamily?: RecordedRevocation;
}

interface KeptRefreshToken {
  readonly token: RefreshToken;
  /** How often it was used again and forgiven. */
  readonly retries: number;
  /** Of its family. */
  readonly revocation?: RecordedRevocation;
}

/** Tokens of both kinds in memory. No method awaits anything before it has changed them, so each is atomic. */
export class MemoryTokenStore extends AccessTokenStore {
  private readonly access = new Map<string, KeptAccessToken>();
  private readonly refresh = new Map<string, KeptRefreshToken>();
  private sweepAt = smallestSweep;

  /** The refresh token store of the same tokens. */
  readonly refreshTokens: RefreshTokenStore = {
    begin: async (refreshToken, accessToken) => {
      this.add(accessToken);
      if (refreshToken) this.addRefreshToken(refreshToken);
    },
    find: async (hash) => this.findRefreshToken(hash)?.token,
    rotate: async (rotation) => this.rotate(rotation),
    revokeFamily: async (family, revocation) => this.revokeFamily(family, revocation),
  };

  readonly records: TokenRecords = {
    findAccessToken: async (hash) => this.access.get(hashKey(hash)),
    listOfUser: async (realm, username, page) => tokensOfUser(this.access, realm, username, page),
    findRefreshToken: async (hash) => this.refresh.get(hashKey(hash)),
    findFamilyOwner: async (family) => this.familyOwner(family),
    findFamilyRevocation: async (family) => this.familyRevocation(family),
  };

  /** @param audit gets the events of changes after they were made */
  constructor(
    private readonly clock: Clock,
    private readonly audit: AuditLog,
  ) {
    super();
  }

  async insert(token: StoredAccessToken, event?: NewAuditEvent): Promise<void> {
    this.add(token);
    if (event) await this.audit.append(event);
  }

  async find(hash: Buffer): Promise<AccessToken | undefined> {
    const kept = this.access.get(hashKey(hash));
    return kept?.revocation ? undefined : kept?.token;
  }

  async revoke(hash: Buffer, { at, by, event }: Revocation): Promise<void> {
    const key = hashKey(hash);
    const kept = this.access.get(key);
    if (kept && !kept.revocation) this.access.set(key, { ...kept, revocation: { at, by } });
    if (event) await this.audit.append(event);
  }

  /** Adds the tokens that are not stored yet, except those of revoked families, and returns how many these were. */
  import({ accessTokens, refreshTokens }: ImportBatch): number {
    const revoked = this.revokedFamilies();
    let added = 0;
    for (const token of accessTokens) {
      if (this.access.has(hashKey(token.hash)) || revoked.has(token.family)) continue;
      this.add(token);
      added += 1;
    }
    for (const token of refreshTokens) {
      if (this.refresh.has(hashKey(token.hash)) || revoked.has(token.family)) continue;
      this.addRefreshToken(token);
      added += 1;
    }
    return added;
  }

  /** Removes at most `atMost` tokens that have ended, and returns how many it removed. */
  purge(now: number, atMost: number): number {
    const accessTokens = remove(this.access, ({ token }) => token.expiresAt <= now, atMost);
    if (accessTokens === atMost) return accessTokens;
    return accessTokens + remove(this.refresh, this.familyIsOver(now), atMost - accessTokens);
  }

  /** What a store in a database says of itself, but exact. */
  statistics(now: number): TokenStatistics {
    let overdueMs = 0;
    for (const { token } of this.access.values()) overdueMs = Math.max(overdueMs, now - token.expiresAt);
    const over = this.familyIsOver(now);
    for (const kept of this.refresh.values()) {
      if (over(kept)) overdueMs = Math.max(overdueMs, now - keptBeyondEndMs - kept.token.familyExpiresAt);
    }
    return { overdueMs, accessTokens: this.access.size };
  }

  /** A used refresh token is kept as long as its reuse must revoke the family. */
  private familyIsOver(now: number): (kept: KeptRefreshToken) => boolean {
    const living = new Set([...this.access.values()].map(({ token }) => token.family));
    return ({ token }) => token.familyExpiresAt <= now - keptBeyondEndMs && !living.has(token.family);
  }

  private familyOwner(family: string): FamilyOwner | undefined {
    const member = [...this.refresh.values(), ...this.access.values()].find(
      ({ token }) => token.family === family,
    );
    if (!member) return undefined;
    const { realm, clientId, username } = member.token;
    return { realm, clientId, username };
  }

  private familyRevocation(family: string): RecordedRevocation | undefined {
    const member = [...this.refresh.values()].find(({ token }) => token.family === family);
    if (member) return member.revocation;
    return [...this.access.values()].find(({ token }) => token.family === family)?.ofFamily;
  }

  private revokedFamilies(): ReadonlySet<string | undefined> {
    const refresh = [...this.refresh.values()].filter(({ revocation }) => revocation);
    const access = [...this.access.values()].filter(({ revocation }) => revocation?.by === 'family');
    return new Set([...refresh, ...access].map(({ token }) => token.family));
  }

  private add({ hash, ...token }: StoredAccessToken): void {
    if (this.size >= this.sweepAt) this.sweep();
    const key = hashKey(hash);
    if (this.access.has(key)) throw new Error('The token is there already.');
    this.access.set(key, { token });
  }

  private addRefreshToken(token: RefreshToken): void {
    this.refresh.set(hashKey(token.hash), { token, retries: 0 });
  }

  private findRefreshToken(hash: Buffer): KeptRefreshToken | undefined {
    const kept = this.refresh.get(hashKey(hash));
    return kept?.revocation ? undefined : kept;
  }

  private rotate({ presented, now, forgivenSince, preserved, accessToken, successor }: Rotation): boolean {
    const kept = this.findRefreshToken(presented.hash);
    if (!kept) return false;
    const { token, retries } = kept;
    const { usedAt } = token;
    const forgiven = forgivenSince !== undefined && !preserved && retries < maxRetries;
    if (usedAt !== undefined && !(forgiven && usedAt >= forgivenSince)) return false;
    this.add(accessToken);
    if (successor) this.addRefreshToken(successor);
    if (!preserved) {
      const retried = usedAt === undefined ? 0 : 1;
      const used = { ...token, usedAt: usedAt ?? now };
      this.refresh.set(hashKey(presented.hash), { ...kept, token: used, retries: retries + retried });
    }
    return true;
  }

  private async revokeFamily(family: string, { at, by, event }: Revocation): Promise<void> {
    const isLone = ![...this.refresh.values()].some(({ token }) => token.family === family);
    let first = false;
    for (const [key, kept] of this.refresh) {
      if (kept.token.family !== family || kept.revocation) continue;
      this.refresh.set(key, { ...kept, revocation: { at, by } });
      first = true;
    }
    for (const [key, kept] of this.access) {
      if (kept.token.family !== family || kept.revocation) continue;
      this.access.set(key, { ...kept, revocation: { at, by: 'family' }, ofFamily: { at, by } });
      first ||= isLone;
    }
    if (event && first) await this.audit.append(event);
  }

  /** The next sweep starts at twice the number of tokens that this one leaves: O(1) per insert on average. */
  private sweep(): void {
    this.purge(this.clock.now(), Infinity);
    this.sweepAt = Math.max(smallestSweep, this.size * 2);
  }

  private get size(): number {
    return this.access.size + this.refresh.size;
  }
}
