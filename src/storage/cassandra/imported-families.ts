import type { StoredAccessToken } from '../../domain/access-token.js';
import type { Clock } from '../../domain/clock.js';
import type { RefreshToken } from '../../domain/refresh-token.js';
import { familyEnds, type ImportBatch } from '../../domain/token-import.js';
import { findRow } from './access-tokens.js';
import type { Deadline } from './deadline.js';
import { accessMember, findRefreshToken, refreshMember } from './family-members.js';
import type { FamilyRow } from './family-revocation.js';
import { inParallel } from './in-parallel.js';
import type { Act, CassandraSession, CqlStatement } from './session.js';
import { markTimeToLive } from './time-to-live.js';

const setEnd =
  'UPDATE token_family USING TTL ? SET ends_at = ? WHERE family = ? IF revoked_at = null AND ends_at =';

const beginFamily: CqlStatement = { name: 'begin_imported_family', cql: `${setEnd} null` };

const keepFamily: CqlStatement = { name: 'keep_imported_family', cql: `${setEnd} ?` };

/** Tokens that join a family. */
interface Joining {
  readonly accessTokens: StoredAccessToken[];
  readonly refreshTokens: RefreshToken[];
}

/**
 * Families of imported tokens. Several imports may add to one family, so each does it by a lightweight transaction: no
 * token joins a family that is revoked, and the revocation of a family knows every token that has joined it.
 */
export class ImportedFamilies {
  constructor(
    private readonly session: CassandraSession,
    private readonly clock: Clock,
  ) {}

  /**
   * Makes the tokens of a batch members of their families, unless they are there already. The tokens themselves must be
   * added afterwards: a revocation in between marks them before they come.
   * @returns until when the rows of each family are kept, in milliseconds since 1970; without the families that are
   *   revoked, which no token has joined
   */
  async join(batch: ImportBatch, deadline: Deadline): Promise<ReadonlyMap<string, number>> {
    const joining = await this.joining(batch);
    const ends = [...familyEnds(batch)];
    const untils = await inParallel(ends, async ([family, end]) => {
      const tokens = joining.get(family);
      return tokens ? this.joinOne(family, tokens, end, deadline) : end;
    });
    const joined = new Map<string, number>();
    for (const [index, [family]] of ends.entries()) {
      const until = untils[index];
      if (until !== undefined) joined.set(family, until);
    }
    return joined;
  }

  /** The tokens of a batch that are not there yet, by family. */
  private async joining({ accessTokens, refreshTokens }: ImportBatch): Promise<ReadonlyMap<string, Joining>> {
    const joining = new Map<string, Joining>();
    const familyOf = (family: string) => {
      const tokens = joining.get(family) ?? { accessTokens: [], refreshTokens: [] };
      joining.set(family, tokens);
      return tokens;
    };
    await inParallel(accessTokens, async (token) => {
      const { family, hash } = token;
      if (family === undefined || (await findRow(this.session, hash))) return;
      familyOf(family).accessTokens.push(token);
    });
    await inParallel(refreshTokens, async (token) => {
      const rows = await this.session.read([findRefreshToken, [token.hash]]);
      if (rows.length === 0) familyOf(token.family).refreshTokens.push(token);
    });
    return joining;
  }

  private async joinOne(
    family: string,
    { accessTokens, refreshTokens }: Joining,
    end: number,
    deadline: Deadline,
  ): Promise<number | undefined> {
    const now = this.clock.now();
    for (let endsAt: Date | undefined; ;) {
      const until = Math.max(end, endsAt?.getTime() ?? end);
      const acts = [
        familyAct(family, endsAt, until, now),
        ...refreshTokens.map((token) => refreshMember(token, until, now)),
        ...accessTokens.map((token) => accessMember(token, family, now)),
      ];
      const { applied, rows } = await this.session.decide<FamilyRow>('import_token_family', acts, deadline);
      if (applied) return until;
      const [row] = rows;
      if (row?.revoked_at) return undefined;
      // The family is there, or another import has prolonged it.
      endsAt = row?.ends_at ?? undefined;
    }
  }
}

/** @param endsAt until when its rows are kept so far; undefined where it is not there */
function familyAct(family: string, endsAt: Date | undefined, until: number, now: number): Act {
  const values = [markTimeToLive(until, now), new Date(until), family];
  return endsAt ? [keepFamily, [...values, endsAt]] : [beginFamily, values];
}
