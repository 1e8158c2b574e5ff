import { isScopeToken } from '../domain/scope.js';
import { AttributeEntry, ClientEntry, FileEntry, RealmEntry, TextEntry, UserEntry } from './entries.js';
import { PagesEntry, ScopeTextEntry } from './pages-entry.js';
import { childKey, type Problems } from './problems.js';

/** Makes entries of values: mappings are Maps, lists are arrays. The entries' decorators judge the values. */
export class EntryReader {
  constructor(private readonly problems: Problems) {}

  readFile(value: unknown): FileEntry {
    const file = this.fill(new FileEntry(), value, '');
    file.realms = mapList(file.realms, (realm, index) => this.readRealm(realm, `realms[${index}]`));
    return file;
  }

  readRealm(value: unknown, key: string): RealmEntry {
    const realm = this.fill(new RealmEntry(), value, key);
    realm.clients = mapList(realm.clients, (client, index) =>
      this.readClient(client, `${key}.clients[${index}]`),
    );
    if (realm.pages !== undefined) realm.pages = this.readPages(realm.pages, `${key}.pages`);
    realm.users = mapList(realm.users, (user, index) => this.readUser(user, `${key}.users[${index}]`));
    return realm;
  }

  private readPages(value: unknown, key: string): PagesEntry {
    const pages = this.fill(new PagesEntry(), value, key);
    const { scopes } = pages;
    if (!(scopes instanceof Map)) return pages;
    const texts = [...(scopes as ReadonlyMap<string, unknown>)].map(([name, item]) => {
      const own = childKey(`${key}.scopes`, name);
      if (!isScopeToken(name)) this.problems.add(own, 'must be named by a scope token (RFC 6749 §3.3)');
      return [name, this.fill(new ScopeTextEntry(), item, own)] as const;
    });
    pages.scopes = new Map(texts);
    return pages;
  }

  readClient(value: unknown, key: string): ClientEntry {
    const client = this.fill(new ClientEntry(), value, key);
    client.scopes = mapList(client.scopes, withoutStraySpaces);
    client.default_scopes = mapList(client.default_scopes, withoutStraySpaces);
    client.additional_information = mapMapping(client.additional_information, TextEntry);
    client.attributes = mapMapping(client.attributes, AttributeEntry);
    return client;
  }

  readUser(value: unknown, key: string): UserEntry {
    const user = this.fill(new UserEntry(), value, key);
    user.attributes = mapMapping(user.attributes, AttributeEntry);
    return user;
  }

  /** A key whose value is left empty (YAML's null) is refused: whoever wrote it meant something else than its default. */
  private fill<Entry extends object>(entry: Entry, value: unknown, key: string): Entry {
    if (!(value instanceof Map)) {
      this.problems.add(key, 'must be a mapping');
      return entry;
    }
    for (const [name, item] of value as Map<string, unknown>) {
      // Only names that the entry has are assigned: `__proto__` would be more than a name.
      if (!Object.hasOwn(entry, name)) this.problems.addUnknown(key, name);
      else if (item === null) this.problems.add(childKey(key, name), 'has no value');
      else Object.assign(entry, { [name]: item });
    }
    return entry;
  }
}

/** Makes an entry of each item, so that indexes are those of the file. A decorator refuses what is not a list. */
function mapList<Entry>(list: Entry[], make: (item: unknown, index: number) => Entry): Entry[] {
  return Array.isArray(list) ? list.map(make) : list;
}

/** Spaces around a scope token mean nothing, as in a request. A decorator refuses what is not a text. */
function withoutStraySpaces(item: unknown): string {
  return (typeof item === 'string' ? item.replace(/^ +| +$/g, '') : item) as string;
}

/** Makes an entry of each name. A decorator refuses what is not a mapping. */
function mapMapping<Entry>(
  mapping: ReadonlyMap<string, Entry>,
  type: new (name: string, value: unknown) => Entry,
): ReadonlyMap<string, Entry> {
  if (!(mapping instanceof Map)) return mapping;
  const entries = [...(mapping as ReadonlyMap<string, unknown>)];
  return new Map(entries.map(([name, value]) => [name, new type(name, value)]));
}
