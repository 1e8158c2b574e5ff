import { validateSync, type ValidationError } from 'class-validator';
import type { Flaw, Inspect } from './checks.js';
import { checkConsistency } from './consistency.js';
import { readDocument } from './document.js';
import { ClientEntry, FileEntry, RealmEntry, UserEntry } from './entries.js';
import { childKey, Problems } from './problems.js';
import type { Environment } from './substitution.js';

/** A configuration file: the name to call it by in errors, and what it holds. */
export interface Source {
  readonly file: string;
  readonly text: string;
}

/** What a file asks for, well-formed and free of contradictions. */
export interface Configuration {
  readonly realms: readonly RealmEntry[];
  /** None yet: for what turns out to be wrong only against the directory. */
  readonly problems: Problems;
}

/**
 * Reads a configuration file.
 * @throws ConfigurationError with everything that is wrong with it
 */
export function parseConfiguration({ file, text }: Source, env: Environment): Configuration {
  const problems = new Problems(file);
  const { realms } = fill(new FileEntry(), readDocument(text, env, problems), '', problems);
  const realmEntries = fillAll(RealmEntry, realms, 'realms', problems);
  realmEntries.forEach((realm, index) => {
    realm.clients = fillAll(ClientEntry, realm.clients, `realms[${index}].clients`, problems);
    realm.users = fillAll(UserEntry, realm.users, `realms[${index}].users`, problems);
  });
  checkConsistency(realmEntries, problems);
  problems.throwIfAny();
  return { realms: realmEntries, problems };
}

/** One entry for each value, so that indexes stay those of the file. */
function fillAll<Entry extends object>(
  type: new () => Entry,
  values: unknown,
  key: string,
  problems: Problems,
): Entry[] {
  if (!Array.isArray(values)) return [];
  return values.map((value, index) => fill(new type(), value, `${key}[${index}]`, problems));
}

/** A key whose value is left empty (YAML's null) keeps its default, as one that is left out. */
function fill<Entry extends object>(entry: Entry, value: unknown, key: string, problems: Problems): Entry {
  if (!(value instanceof Map)) {
    problems.add(key, 'must be a mapping');
    return entry;
  }
  for (const [name, item] of value as Map<string, unknown>) {
    if (!Object.hasOwn(entry, name)) problems.add(childKey(key, name), 'unknown key');
    else if (item !== null) Object.assign(entry, { [name]: item });
  }
  for (const error of validateSync(entry, { skipUndefinedProperties: true })) {
    for (const { at, reason } of flawsIn(error)) {
      const flawed = childKey(key, error.property) + at;
      // What could not be read is not judged as well.
      if (!problems.has(flawed)) problems.add(flawed, reason);
    }
  }
  return entry;
}

function flawsIn(error: ValidationError): readonly Flaw[] {
  const context = error.contexts?.['inspect'] as { inspect: Inspect } | undefined;
  if (context) return context.inspect(error.value);
  return Object.values(error.constraints ?? {}).map((reason) => ({ at: '', reason }));
}
