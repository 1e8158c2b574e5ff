import { randomUUID } from 'node:crypto';
import type { StoredAccessToken } from '../domain/access-token.js';
import type { Client } from '../domain/client.js';
import type { Clock } from '../domain/clock.js';
import type { Directory } from '../domain/directory.js';
import { importedFamily } from '../domain/imported-family.js';
import type { RefreshToken } from '../domain/refresh-token.js';
import type { ImportRun, TokenImporter } from '../domain/token-import.js';
import { endAfter, endAt, hasEnded } from '../domain/token-time.js';
import { findPresented } from '../domain/username.js';
import { BadLine, type ImportLine, parseImportLine } from './import-line.js';
import { type Line, readLines } from './lines.js';
import { RememberingDirectory } from '../domain/remembering-directory.js';

export interface ImportOptions {
  /** Lines before this one are skipped; counted from 1. */
  readonly fromLine: number;
  /** Whether the first bad line ends the import; the batch that it is in is not imported then. */
  readonly strict: boolean;
}

/** How many of the lines that are not blank had which result. */
export interface ImportCounts {
  readonly added: number;
  /** With those of a family that was revoked here, which are not added. */
  readonly alreadyThere: number;
  /** Skipped because they have expired. */
  readonly expired: number;
  readonly bad: number;
}

/** Receives the progress of an import. */
export interface ImportObserver {
  /** @param reason names the key and the problem in fixed words; it never quotes the line */
  badLine(number: number, reason: string): void;
  /**
   * Every line up to this one is done, and what it added will stay.
   * @param bytes size of the file up to the end of this line
   */
  done(line: number, bytes: number): void;
}

/** How many lines are imported together, all or nothing. */
const batchSize = 1000;

/** How many subjects of each kind are cached: a few megabytes. */
const rememberedSubjects = 10_000;

/** Fewer than a pool has connections, so that no look-up waits for long. */
const lookUpsAtOnce = 4;

/** Imports the tokens of another server from a file of JSON lines. */
export class TokenImport {
  /** @param importRun is recorded in the audit log if it adds something; without one nothing is recorded */
  constructor(
    private readonly directory: Directory,
    private readonly importer: TokenImporter,
    private readonly clock: Clock,
    private readonly importRun?: ImportRun,
  ) {}

  /**
   * Imports a file in constant memory, batch by batch. Run again, it adds only what is missing.
   * @throws StoreUnavailable when the database is unavailable; what was reported to `observer.done` stays
   */
  async run(
    file: AsyncIterable<Buffer>,
    { fromLine, strict }: ImportOptions,
    observer: ImportObserver,
  ): Promise<ImportCounts> {
    const directory = new RememberingDirectory(this.directory, rememberedSubjects);
    const counts = { added: 0, alreadyThere: 0, expired: 0, bad: 0 };
    for await (const lines of batches(readLines(file))) {
      const batch = new ParsedLines(directory, this.clock.now());
      await batch.read(lines.filter(({ number, bytes }) => number >= fromLine && !isBlank(bytes)));
      const badLines = strict ? batch.badLines.slice(0, 1) : batch.badLines;
      for (const { number, reason } of badLines) observer.badLine(number, reason);
      counts.bad += badLines.length;
      if (strict && badLines.length > 0) return counts;
      const added = await this.importer.add(batch, this.importRun);
      counts.added += added;
      counts.alreadyThere += batch.accessTokens.length + batch.refreshTokens.length - added;
      counts.expired += batch.expired;
      const last = lines[lines.length - 1];
      observer.done(last.number, last.endsAt);
    }
    return counts;
  }
}

/** The tokens and the bad lines of a batch. */
class ParsedLines {
  readonly accessTokens: StoredAccessToken[] = [];
  readonly refreshTokens: RefreshToken[] = [];
  /** In the order of the lines. */
  badLines: { readonly number: number; readonly reason: string }[] = [];
  expired = 0;

  constructor(
    private readonly directory: Directory,
    private readonly now: number,
  ) {}

  async read(lines: readonly Line[]): Promise<void> {
    for (let from = 0; from < lines.length; from += lookUpsAtOnce) {
      await Promise.all(lines.slice(from, from + lookUpsAtOnce).map((line) => this.readLine(line)));
    }
    this.badLines.sort((one, other) => one.number - other.number);
  }

  private async readLine({ number, bytes }: Line): Promise<void> {
    try {
      await this.take(parseImportLine(bytes));
    } catch (error) {
      if (!(error instanceof BadLine)) throw error;
      this.badLines.push({ number, reason: error.message });
    }
  }

  private async take(line: ImportLine): Promise<void> {
    const expiresAt = endAt(line.expiresAt);
    if (hasEnded(expiresAt, this.now)) {
      this.expired += 1;
      return;
    }
    const { type, realm: path, clientId, username, authLevel, grantType, family: id, ...rest } = line;
    const realm = await this.directory.findRealm(path);
    if (!realm) throw new BadLine('is not in the directory', 'realm');
    const client = await this.directory.findClient(path, clientId);
    if (!client) throw new BadLine('is not in the directory', 'client_id');
    const owner = username === undefined ? undefined : await findPresented(this.directory, realm, username);
    if (username !== undefined && !owner) throw new BadLine('is not in the directory', 'username');
    const token = {
      ...rest,
      realm: path,
      clientId,
      authLevel: authLevel ?? (owner ? realm.authLevel : 0),
      issuedAt: line.issuedAt ?? this.now,
      expiresAt,
      epochs: { realm: realm.epoch, client: client.epoch, resourceOwner: owner?.epoch },
    };
    const family = id === undefined ? undefined : importedFamily(path, clientId, id);
    if (type === 'access_token' || !owner) {
      this.accessTokens.push({ ...token, username: owner?.username, grantType, family });
    } else {
      refuseWhatCannotBeRefreshed(line, client);
      const familyEnd = endAfter(token.issuedAt, client.refreshTokenMaxLifetime);
      // Whatever lifetime is configured here, nobody is logged out earlier than by the other server.
      const familyExpiresAt = Math.max(token.expiresAt, familyEnd);
      this.refreshTokens.push({
        ...token,
        username: owner.username,
        family: family ?? randomUUID(),
        familyExpiresAt,
      });
    }
  }
}

/** @throws BadLine for a refresh token that its client could never use, as the client is registered now */
function refuseWhatCannotBeRefreshed({ scope }: ImportLine, client: Client): void {
  if (!client.grantTypes.includes('refresh_token')) {
    throw new BadLine(
      'may not use the grant refresh_token, so this token could never be refreshed',
      'client_id',
    );
  }
  if (scope.length > 0 && !scope.some((token) => client.scopes.includes(token))) {
    throw new BadLine('none is registered for the client, so this token could never be refreshed', 'scope');
  }
}

async function* batches(lines: AsyncIterable<Line>): AsyncGenerator<Line[]> {
  let batch: Line[] = [];
  for await (const line of lines) {
    batch.push(line);
    if (batch.length < batchSize) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

/** Whether a line holds nothing but white space. */
function isBlank(bytes: Buffer): boolean {
  return bytes.every((byte) => byte === 0x20 || byte === 0x09 || byte === 0x0d);
}
