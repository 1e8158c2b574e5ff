import type { Page } from '../../domain/page.js';
import {
  type AccessTokenRecord,
  type FamilyOwner,
  type ListedToken,
  type RecordedRevocation,
  type RefreshTokenRecord,
  type RevokedBy,
  type TokenPart,
  TokenRecords,
} from '../../domain/token-record.js';
import { findRow, isWhole } from './access-tokens.js';
import { findMemberRow, findMembers, findRefreshToken, memberKinds } from './family-members.js';
import { findFamilyRow } from './family-revocation.js';
import { inParallel } from './in-parallel.js';
import type { CassandraSession } from './session.js';
import { type RefreshTokenRow, toAccessToken, toRefreshToken } from './token-rows.js';
import { findUserTokenRows, placeOfRow } from './user-tokens.js';

/** Tokens and families as Cassandra has them. */
export class CassandraTokenRecords extends TokenRecords {
  constructor(private readonly session: CassandraSession) {
    super();
  }

  async findAccessToken(hash: Buffer): Promise<AccessTokenRecord | undefined> {
    const row = await findRow(this.session, hash);
    if (!isWhole(row)) return undefined;
    return { token: toAccessToken(row), revocation: row.revoked ? recorded(row) : undefined };
  }

  async listOfUser(realm: string, username: string, page: Page): Promise<TokenPart> {
    const { limit } = page;
    const rows = await findUserTokenRows(this.session, realm, username, { ...page, limit: limit + 1 });
    const found = await inParallel(rows.slice(0, limit), async ({ hash }): Promise<ListedToken[]> => {
      const record = await this.findAccessToken(hash);
      // The entry of a token that was never issued, or whose row has just ended.
      return record ? [{ hash, ...record }] : [];
    });
    return { tokens: found.flat(), last: rows.length > limit ? placeOfRow(rows[limit - 1]) : undefined };
  }

  async findRefreshToken(hash: Buffer): Promise<RefreshTokenRecord | undefined> {
    const [row] = await this.session.read<RefreshTokenRow>([findRefreshToken, [hash]]);
    const member = row && (await findMemberRow(this.session, row.family.toString(), hash));
    if (!member) return undefined;
    const revocation = member.revoked_at ? recorded(member) : undefined;
    return { token: toRefreshToken(row, member.used_at), revocation };
  }

  async findFamilyOwner(family: string): Promise<FamilyOwner | undefined> {
    for (const { kind, hash } of await findMembers(this.session, family)) {
      const record = await (kind === memberKinds.refresh
        ? this.findRefreshToken(hash)
        : this.findAccessToken(hash));
      if (!record) continue;
      const { realm, clientId, username } = record.token;
      return { realm, clientId, username };
    }
    return undefined;
  }

  async findFamilyRevocation(family: string): Promise<RecordedRevocation | undefined> {
    const row = await findFamilyRow(this.session, family);
    return row?.revoked_at ? recorded(row) : undefined;
  }
}

interface RevocationRow {
  readonly revoked_at: Date | null;
  readonly revoked_by: string | null;
}

function recorded({ revoked_at, revoked_by }: RevocationRow): RecordedRevocation {
  return { at: revoked_at?.getTime(), by: (revoked_by ?? undefined) as RevokedBy | undefined };
}
