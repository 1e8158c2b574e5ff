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
import { importRefreshToken } from './family-members.js';
import { ImportedFamilies } from './imported-families.js';
import { inParallel } from './in-parallel.js';
import type { CassandraSession } from './session.js';
import { timeToLive } from './time-to-live.js';
import { type AccessTokenRow, refreshTokenValues, toAccessToken } from './token-rows.js';

/** How long a batch may take, in milliseconds: it has many rows. */
const timeoutMs = 30_000;

/** Imports tokens into Cassandra. A batch that throws may be there in part, and can be added again. */
export class CassandraTokenImporter extends TokenImporter {
  private readonly families: ImportedFamilies;

  /**
   * @param keys are told of foreign tokens before any is added
   * @param feed notifies all nodes of the added tokens
   */
  constructor(
    private readonly session: CassandraSession,
    private readonly keys: TokenKeyStore,
    private readonly feed: ChangeFeed,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
  ) {
    super();
    this.families = new ImportedFamilies(session, clock);
  }

  async add(batch: ImportBatch, run?: ImportRun): Promise<number> {
    const end = lastEnd(batch);
    if (end === undefined) return 0;
    await this.keys.expectForeignTokens(end, longestFamily(batch));
    const deadline = new Deadline(timeoutMs);
    const accessTokens = onePerHash(batch.accessTokens);
    const refreshTokens = onePerHash(batch.refreshTokens);
    const families = await this.families.join({ accessTokens, refreshTokens }, deadline);
    const access = await inParallel(accessTokens, async (token) => {
      const isDead = token.family !== undefined && !families.has(token.family);
      return !isDead && this.addAccessToken(token, deadline);
    });
    const refresh = await inParallel(refreshTokens, async (token) => {
      const until = families.get(token.family);
      return until !== undefined && this.addRefreshToken(token, until, deadline);
    });
    const added = [...access, ...refresh].filter((isNew) => isNew).length;
    await this.feed.publish('addedTokens');
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
   * Adds a token whose family it has joined. A token that exists already keeps its family.
   * @param until until when the rows of the family are kept, in milliseconds since 1970
   * @returns whether it was added
   */
  private async addRefreshToken(token: RefreshToken, until: number, deadline: Deadline): Promise<boolean> {
    const values = [...refreshTokenValues(token), timeToLive(until, this.clock.now())];
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
