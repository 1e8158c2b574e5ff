import { hashKey, type StoredAccessToken } from '../../domain/access-token.js';
import type { AuditLog } from '../../domain/audit.js';
import type { ChangeFeed } from '../../domain/change-feed.js';
import type { Clock } from '../../domain/clock.js';
import type { RefreshToken } from '../../domain/refresh-token.js';
import {
  type ImportBatch,
  type ImportRun,
  lastEnd,
  longestFamily,
  TokenImporter,
} from '../../domain/token-import.js';
import type { TokenKeyStore } from '../../domain/token-key.js';
import { importToken, importValues, insertIntoUsersList } from './access-tokens.js';
import { Deadline } from './deadline.js';
import { familyInsertion, importRefreshToken, keptUntil, refreshMember } from './family-members.js';
import { inParallel } from './in-parallel.js';
import type { CassandraSession } from './session.js';
import { timeToLive } from './time-to-live.js';
import { type AccessTokenRow, refreshTokenValues, toAccessToken } from './token-rows.js';

/** How long a batch may take, in milliseconds: it has many rows. */
const timeoutMs = 30_000;

/** Imports tokens into Cassandra. A batch that throws may be there in part, and can be added again. */
export class CassandraTokenImporter extends TokenImporter {
  /**
   * @param keys are told of foreign tokens before any is added
   * @param feed tells all nodes that anything may have changed
   */
  constructor(
    private readonly session: CassandraSession,
    private readonly keys: TokenKeyStore,
    private readonly feed: ChangeFeed,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
  ) {
    super();
  }

  async add(batch: ImportBatch, run?: ImportRun): Promise<number> {
    const end = lastEnd(batch);
    if (end === undefined) return 0;
    await this.keys.expectForeignTokens(end, longestFamily(batch));
    const deadline = new Deadline(timeoutMs);
    const access = await inParallel(onePerHash(batch.accessTokens), (token) =>
      this.addAccessToken(token, deadline),
    );
    const refresh = await inParallel(onePerHash(batch.refreshTokens), (token) =>
      this.addRefreshToken(token, deadline),
    );
    const added = [...access, ...refresh].filter((isNew) => isNew).length;
    await this.feed.publish('everything');
    if (run && added > 0) await this.audit.appendImport(run, added);
    return added;
  }

  /** @returns whether it was added */
  private async addAccessToken(token: StoredAccessToken, deadline: Deadline): Promise<boolean> {
    const now = this.clock.now();
    const { applied, rows } = await this.session.decide<AccessTokenRow>(
      importToken.name,
      [[importToken, importValues(token, now)]],
      deadline,
    );
    const [stored] = rows;
    // A run that was broken off may not have come to the second row.
    if (applied) await insertIntoUsersList(this.session, token, now);
    else if (hasRealm(stored)) {
      await insertIntoUsersList(this.session, { ...toAccessToken(stored), hash: token.hash }, now);
    }
    return applied;
  }

  /**
   * The family first: without it, the token would be worth nothing. A token that exists already keeps its family; the
   * rows of the new one end by themselves.
   * @returns whether it was added
   */
  private async addRefreshToken(token: RefreshToken, deadline: Deadline): Promise<boolean> {
    const now = this.clock.now();
    const until = keptUntil(token.familyExpiresAt);
    await this.session.writeTogether('begin_token_family', [
      familyInsertion(token.family, until, now),
      refreshMember(token, until, now),
    ]);
    const values = [...refreshTokenValues(token), timeToLive(until, now)];
    const { applied } = await this.session.decide(
      importRefreshToken.name,
      [[importRefreshToken, values]],
      deadline,
    );
    return applied;
  }
}

/** The first of each hash. */
function onePerHash<Token extends { readonly hash: Buffer }>(tokens: readonly Token[]): Token[] {
  const first = new Map<string, Token>();
  for (const token of tokens) if (!first.has(hashKey(token.hash))) first.set(hashKey(token.hash), token);
  return [...first.values()];
}

function hasRealm(row: AccessTokenRow | undefined): row is AccessTokenRow & { readonly realm: string } {
  return row !== undefined && row.realm !== null;
}
