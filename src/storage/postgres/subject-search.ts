import { subjectKey } from '../../domain/directory.js';
import type { FoundSubject } from '../../domain/subject-records.js';
import { endOfPrefix, inBytes } from './byte-order.js';
import type { Database } from './database.js';
import type { Statement } from './statement.js';

/** How many realms are searched at most: each is a place of its own in an index. */
const mostRealms = 10_000;

interface FoundRealm {
  readonly realm: string;
  readonly enabled: boolean;
}

interface FoundMember extends FoundRealm {
  readonly name: string;
  /** Of clients alone; null where one has none. */
  readonly title: string | null;
}

/** A realm and those below it, whose top is the third parameter; the root realm stands for all. */
const within = `($3::text = '/' OR path = $3 OR starts_with(path, $3 || '/'))`;

/** Names that begin alike: from the first parameter to before the second one. */
function begins(name: string): string {
  return `${name} ${inBytes} >= $1 AND ${name} ${inBytes} < $2`;
}

function realmsBy(statement: string, name: string): Statement {
  return {
    name: statement,
    text: `SELECT path AS realm, enabled FROM realm
      WHERE ${begins(name)} AND ${within} ORDER BY ${name} ${inBytes}, path ${inBytes} LIMIT $4`,
  };
}

const realmsByPath = realmsBy('search_realm_paths', 'path');
const realmsByLastName = realmsBy('search_realm_names', `(substring(path from '[^/]*$'))`);

/** The statements that search clients or users by one of their names. */
interface MemberSearch {
  /** In all realms; the third parameter is the limit. */
  readonly everywhere: Statement;
  /** In the realms of `within`, one after the other; the fourth parameter is the limit. */
  readonly below: Statement;
}

/** @param columns what is selected of a `FoundMember` besides those of a `FoundRealm` */
function membersBy(statement: string, table: string, name: string, columns: string): MemberSearch {
  const found = `SELECT realm, ${columns}, enabled, ${name} AS key FROM ${table} WHERE ${begins(name)}`;
  return {
    everywhere: {
      name: `${statement}_everywhere`,
      text: `${found} ORDER BY ${name} ${inBytes}, realm ${inBytes} LIMIT $3`,
    },
    below: {
      name: `${statement}_below`,
      text: `SELECT member.*
        FROM (SELECT path FROM realm
          WHERE path ${inBytes} >= $3 AND path ${inBytes} < $3::text || '0' AND ${within}
          ORDER BY path ${inBytes} LIMIT ${mostRealms}) AS place
        CROSS JOIN LATERAL (${found} AND realm = place.path ORDER BY ${name} ${inBytes} LIMIT $4) AS member
        ORDER BY key ${inBytes}, realm ${inBytes} LIMIT $4`,
    },
  };
}

const clientColumns = 'client_id AS name, client.name AS title';

const clientsById = membersBy('search_client_ids', 'client', 'client_id', clientColumns);
const clientsByTitle = membersBy('search_client_titles', 'client', 'client.name', clientColumns);
const usersByName = membersBy('search_users', 'resource_owner', 'username', 'username AS name');

/** Every statement of a search, for the test of their plans. */
export const searchStatements = { realmsByPath, realmsByLastName, clientsById, clientsByTitle, usersByName };

/** What one search asks for. */
interface Search {
  readonly text: string;
  readonly top: string;
  readonly limit: number;
}

/** See `SubjectRecords.search`. */
export async function searchSubjects(database: Database, search: Search): Promise<FoundSubject[]> {
  const { text, top, limit } = search;
  const realmsBegin = text.startsWith('/') ? realmsByPath : realmsByLastName;
  const realms = await database.read<FoundRealm>(realmsBegin, [...rangeOf(text), top, limit]);
  const byId = await members(database, clientsById, search);
  const byTitle = await members(database, clientsByTitle, search);
  const clients = new Map([...byId, ...byTitle].map((row) => [subjectKey(row.realm, row.name), row]));
  const users = await members(database, usersByName, search);
  return [
    ...realms.map(({ realm, enabled }) => ({ kind: 'realm' as const, realm, enabled })),
    ...[...clients.values()].slice(0, limit).map(toClient),
    ...users.map(({ realm, name, enabled }) => ({ kind: 'user' as const, realm, name, enabled })),
  ];
}

function toClient({ realm, name, title, enabled }: FoundMember): FoundSubject {
  return { kind: 'client', realm, name, title: title ?? undefined, enabled };
}

function members(
  database: Database,
  { everywhere, below }: MemberSearch,
  { text, top, limit }: Search,
): Promise<FoundMember[]> {
  return top === '/'
    ? database.read<FoundMember>(everywhere, [...rangeOf(text), limit])
    : database.read<FoundMember>(below, [...rangeOf(text), top, limit]);
}

function rangeOf(text: string): [from: string, to: string] {
  return [text, endOfPrefix(text)];
}
