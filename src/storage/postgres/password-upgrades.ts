import type { Change, ChangeFeed } from '../../domain/change-feed.js';
import { type OwnedHash, PasswordUpgrades, type ReplacingHash } from '../../domain/password-upgrade.js';
import type { SecretOwner } from '../../domain/secret.js';
import type { Database } from './database.js';
import { channel, payloadsOf } from './notification.js';
import type { Statement } from './statement.js';

/** Where the hashes of one kind of owner are, and what the partial index on them leaves out. */
interface Place {
  readonly table: string;
  readonly name: string;
  readonly hash: string;
  readonly foreign: string;
}

// As the migration has it, or the indexes are not used.
const isForeign = (hash: string) => `${hash} NOT LIKE '$argon2id$v=19$m=19456,t=2,p=1$%'`;

/** The class of a hash: its text up to the salt. */
const classOf = (hash: string) =>
  String.raw`substring(${hash} from '^(?:\$wrapped)?\$[a-z0-9-]+\$(?:v=\d+\$)?(?:[a-z]=[^$]*\$|\d\d\$)?')`;

const places: Readonly<Record<SecretOwner['kind'] | 'previous', Place>> = {
  user: {
    table: 'resource_owner',
    name: 'username',
    hash: 'password_hash',
    foreign: isForeign('password_hash'),
  },
  client: {
    table: 'client',
    name: 'client_id',
    hash: 'secret_hash',
    foreign: `${isForeign('secret_hash')} AND secret_hash NOT LIKE 'sha256:%'`,
  },
  // The secrets that clients had before, which may still be accepted.
  previous: {
    table: 'client',
    name: 'client_id',
    hash: 'previous_secret_hash',
    foreign: `${isForeign('previous_secret_hash')} AND previous_secret_hash NOT LIKE 'sha256:%'`,
  },
};

interface Statements {
  readonly replace: Statement;
  readonly examples: Statement;
  readonly alike: Statement;
  readonly counts: Statement;
}

/** Longest time to count all hashes, in milliseconds. */
const countMs = 30_000;

/** The most classes that are listed. */
const mostExamples = 1000;

const rowOf = ({ name, hash }: Place) => `realm, ${name} AS name, ${hash} AS hash`;

/** Jumps from one class and realm to the next one, and so costs a read of the index for each, however many rows it has. */
function examplesOf(kind: keyof typeof places): Statement {
  const place = places[kind];
  const { table, hash, foreign } = place;
  const first = `SELECT ${classOf(hash)} AS class, ${rowOf(place)} FROM ${table} WHERE ${foreign}`;
  const order = `ORDER BY ${classOf(hash)}, realm LIMIT 1`;
  return {
    name: `foreign_${kind}_hashes`,
    text: `WITH RECURSIVE example AS (
        (${first} ${order})
        UNION ALL
        SELECT next.* FROM example, LATERAL (
          ${first} AND (${classOf(hash)}, realm) > (example.class, example.realm) ${order}) AS next)
      SELECT realm, name, hash FROM example LIMIT ${mostExamples}`,
  };
}

function statementsOf(kind: SecretOwner['kind']): Statements {
  const place = places[kind];
  const { table, name, hash, foreign } = place;
  return {
    replace: {
      name: `replace_${kind}_hash`,
      text: `WITH replaced AS (
          UPDATE ${table} SET ${hash} = $4, imported_hash = coalesce(imported_hash, $5)
          WHERE realm = $1 AND ${name} = $2 AND ${hash} = $3 RETURNING true)
        SELECT pg_notify('${channel}', $6) FROM replaced`,
    },
    examples: examplesOf(kind),
    alike: {
      name: `alike_${kind}_hashes`,
      text: `SELECT ${rowOf(place)} FROM ${table}
        WHERE ${foreign} AND ${classOf(hash)} = ${classOf('$1::text')} AND (realm, ${name}) > ($2, $3)
        ORDER BY realm, ${name} LIMIT $4`,
    },
    counts: {
      name: `count_${kind}_hashes`,
      text: `SELECT count(*) AS count, min(${hash}) AS example FROM ${table}
        WHERE ${foreign} GROUP BY ${classOf(hash)} LIMIT ${mostExamples}`,
      timeoutMs: countMs,
    },
  };
}

/** The statements for each kind of owner; the tests look at how they are planned. */
export const foreignHashStatements: Readonly<Record<SecretOwner['kind'], Statements>> = {
  user: statementsOf('user'),
  client: statementsOf('client'),
};

/** Finds the examples of previous client secrets. */
export const previousExamples = examplesOf('previous');

/** The statements that find examples, and whose hashes each finds. */
const exampleStatements = [
  ['user', foreignHashStatements.user.examples],
  ['client', foreignHashStatements.client.examples],
  ['client', previousExamples],
] as const;

interface Row {
  readonly realm: string;
  readonly name: string;
  readonly hash: string;
}

/** Replaces hashes in PostgreSQL. */
export class PostgresPasswordUpgrades extends PasswordUpgrades {
  /** @param feed notifies this node of its own changes; the statement notifies the other nodes */
  constructor(
    private readonly database: Database,
    private readonly feed: ChangeFeed,
  ) {
    super();
  }

  async replace(owner: SecretOwner, from: string, { hash, record }: ReplacingHash): Promise<boolean> {
    const { kind, realm, name } = owner;
    const change: Change = kind === 'user' ? { resourceOwner: { realm, name } } : { client: { realm, name } };
    const values = [realm, name, from, hash, record ?? null, ...payloadsOf([change])];
    try {
      return (await this.database.write(foreignHashStatements[kind].replace, values)) === 1;
    } finally {
      this.feed.announce(change);
    }
  }

  async examples(): Promise<readonly OwnedHash[]> {
    const found: OwnedHash[] = [];
    for (const [kind, statement] of exampleStatements) {
      const rows = await this.database.read<Row>(statement, []);
      found.push(...rows.map((row) => ownedHash(kind, row)));
    }
    return found;
  }

  async alike(
    { owner: { kind }, hash }: OwnedHash,
    after: SecretOwner | undefined,
    limit: number,
  ): Promise<readonly OwnedHash[]> {
    const values = [hash, after?.realm ?? '', after?.name ?? '', limit];
    const rows = await this.database.read<Row>(foreignHashStatements[kind].alike, values);
    return rows.map((row) => ownedHash(kind, row));
  }
}

function ownedHash(kind: SecretOwner['kind'], { realm, name, hash }: Row): OwnedHash {
  return { owner: { kind, realm, name }, hash };
}
