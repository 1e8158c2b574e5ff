import type { AuditedSubject, SubjectKind } from '../domain/audit.js';
import { rootRealm } from '../domain/realm.js';
import { type SubjectQuery, type SubjectRecord, SubjectRecords } from '../domain/subject-records.js';
import type { Administrator } from '../provisioning/administrator.js';
import { ChangeRefused } from '../provisioning/change-refused.js';
import type { Members } from '../domain/members.js';
import { type Registered, Registrar } from '../provisioning/registrar.js';
import { cliActor } from './actor.js';
import { commandConfig, inDatabase, nameOf, sayWhichDatabase } from './application.js';
import { CommandError } from './command-error.js';
import { subjectText } from './subject-kinds.js';

/** How many subjects are read at once. */
const pageSize = 200;

/**
 * Calls `show` with the wanted subjects in the database that the environment names, page by page.
 * @returns the last name that was shown where others may follow it
 * @throws CommandError
 */
export function eachSubject<Kind extends SubjectKind>(
  kind: Kind,
  { limit, ...query }: SubjectQuery,
  show: (records: readonly SubjectRecord<Kind>[]) => Promise<void>,
): Promise<string | undefined> {
  const config = commandConfig();
  return inDatabase(config, async (context) => {
    sayWhichDatabase(config);
    const records = context.get(SubjectRecords);
    let after = query.after;
    for (let left = limit; left > 0;) {
      const part = await records.list(kind, { ...query, after, limit: Math.min(left, pageSize) });
      await show(part.records);
      if (part.last === undefined) return undefined;
      after = part.last;
      left -= part.records.length;
    }
    return after;
  });
}

/**
 * A subject in the database that the environment names.
 * @throws CommandError, also where there is none
 */
export function findSubject<Kind extends SubjectKind>(
  kind: Kind,
  name: AuditedSubject,
): Promise<SubjectRecord<Kind>> {
  const config = commandConfig();
  return inDatabase(config, async (context) => {
    sayWhichDatabase(config);
    const record = await context.get(SubjectRecords).find(kind, name);
    if (!record) throw refusal(kind, name, new ChangeRefused('missing'));
    return record;
  });
}

/** A change that was made, and what the database is called that it was made in. */
export type Changed<Result> = Result & { readonly database: string };

/** Adds a subject. @throws CommandError */
export function createSubject<Kind extends SubjectKind>(
  kind: Kind,
  name: AuditedSubject,
  members: Members,
): Promise<Changed<Registered<Kind>>> {
  return changed(kind, name, (registrar, by) => registrar.create(kind, name.realm, members, by));
}

/** Applies a merge patch to a subject. @throws CommandError */
export function editSubject<Kind extends SubjectKind>(
  kind: Kind,
  name: AuditedSubject,
  patch: Members,
): Promise<Changed<Registered<Kind>>> {
  return changed(kind, name, (registrar, by) => registrar.patch(kind, name, patch, undefined, by));
}

/** Removes a subject, a realm with its clients and users if `recursive`. @throws CommandError */
export function deleteSubject(
  kind: SubjectKind,
  name: AuditedSubject,
  recursive: boolean,
): Promise<Changed<object>> {
  return changed(kind, name, async (registrar, by) => {
    await registrar.remove(kind, name, { recursive }, by);
    return {};
  });
}

/** Ends all tokens of a subject. @throws CommandError */
export function endTokensOf<Kind extends SubjectKind>(
  kind: Kind,
  name: AuditedSubject,
): Promise<Changed<Registered<Kind>>> {
  return changed(kind, name, async (registrar, by) => ({
    record: await registrar.revoke(kind, name, undefined, by),
  }));
}

/** Gives a user another password. @throws CommandError */
export function changePassword(name: AuditedSubject, password: string): Promise<Changed<Registered<'user'>>> {
  return changed('user', name, async (registrar, by) => ({
    record: await registrar.setPassword(name, new Map([['password', password]]), undefined, by),
  }));
}

async function changed<Result extends object>(
  kind: SubjectKind,
  name: AuditedSubject,
  change: (registrar: Registrar, by: Administrator) => Promise<Result>,
): Promise<Changed<Result>> {
  const config = commandConfig();
  const result = await inDatabase(config, async (context) => {
    try {
      return await change(context.get(Registrar), { actor: cliActor(), realm: rootRealm });
    } catch (error) {
      throw error instanceof ChangeRefused ? refusal(kind, name, error) : error;
    }
  });
  return { ...result, database: nameOf(config.database) };
}

function refusal(kind: SubjectKind, name: AuditedSubject, { reason, problems }: ChangeRefused): CommandError {
  const what = subjectText(kind, name);
  switch (reason) {
    case 'exists':
      return new CommandError('refused', `there is a ${what} already`);
    case 'missing':
      return new CommandError('refused', `there is no ${what}`);
    case 'no_realm':
      return new CommandError('refused', `there is no realm ${name.realm}`);
    case 'stale':
      return new CommandError('refused', `${what} was changed meanwhile`);
    case 'not_empty':
      return new CommandError('refused', `${what} has clients or users: --recursive deletes them, too`);
    case 'root_realm':
      return new CommandError('refused', 'the root realm cannot be deleted');
    case 'members':
    case 'not_allowed': {
      const lines = problems.map(({ pointer, reason: flaw }) => `${memberName(pointer)}${flaw}`);
      return new CommandError('refused', `${what}: ${lines.join('\n  ')}`);
    }
  }
}

/** `grant_types[0]: ` of the JSON pointer `/grant_types/0`. */
function memberName(pointer: string): string {
  const name = pointer
    .slice(1)
    .replace(/\/(\d+)/g, '[$1]')
    .replaceAll('/', '.');
  return name === '' ? '' : `${name}: `;
}
