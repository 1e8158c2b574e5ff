import type { SubjectKind } from '../domain/audit.js';
import type { SubjectQuery, SubjectRecords, SubjectTypes } from '../domain/subject-records.js';
import { type Members, toMembers, toSecretMembers } from '../domain/members.js';
import { listItem } from './written-members.js';

/** What is exported, and how. */
export interface ExportOptions {
  /** This realm and those below it. */
  readonly realm: string;
  /** Whether with the hashes of passwords and client secrets. */
  readonly secrets: boolean;
  /** Version of this program. */
  readonly version: string;
  /** Is told how many subjects have been written. */
  readonly observe?: (subjects: number) => void;
}

/** How many subjects are in memory at once. */
const pageSize = 500;

/** Writes what is stored as a configuration file. */
export class Exporter {
  constructor(private readonly records: SubjectRecords) {}

  /**
   * The file in parts, in the order of names. A part is read when it is asked for, so memory does not grow with the directory;
   * what is changed meanwhile may be in it or not. Clients without a secret that are not public are left out: `admin-token`
   * has registered them, and a file cannot.
   * @throws StoreUnavailable
   */
  async *write(options: ExportOptions): AsyncGenerator<string> {
    const { realm, observe = () => {} } = options;
    let written = 0;
    yield header(options);
    for await (const one of this.subjects('realm', { realm })) {
      yield listItem(membersOf('realm', one, options), 2);
      for (const kind of ['client', 'user'] as const) {
        let title = `    ${kind}s:\n`;
        for await (const subject of this.subjects(kind, { realm: one.path })) {
          if (!isWritable(subject)) continue;
          yield title + listItem(membersOf(kind, subject, options), 6);
          title = '';
          observe((written += 1));
        }
      }
      observe((written += 1));
    }
    if (written === 0) yield '  []\n';
  }

  private async *subjects<Kind extends SubjectKind>(
    kind: Kind,
    query: Pick<SubjectQuery, 'realm'>,
  ): AsyncGenerator<SubjectTypes[Kind]> {
    let after: string | undefined;
    do {
      const { records, last } = await this.records.list(kind, { ...query, after, limit: pageSize });
      for (const { subject } of records) yield subject;
      after = last;
    } while (after !== undefined);
  }
}

function isWritable(subject: SubjectTypes['client' | 'user']): boolean {
  return !('clientId' in subject) || subject.type === 'public' || subject.secretHash !== undefined;
}

/** The name comes first, and the hash after it. */
function membersOf<Kind extends SubjectKind>(
  kind: Kind,
  subject: SubjectTypes[Kind],
  { secrets }: ExportOptions,
): Members {
  const [name, ...others] = toMembers(kind, subject);
  return new Map([name, ...(secrets ? toSecretMembers(kind, subject) : []), ...others]);
}

function header({ realm, secrets, version }: ExportOptions): string {
  const meaning = secrets
    ? 'It has the hashes of passwords and client secrets: keep it as a secret.'
    : `It has no secrets, so it is for reading and comparing: apply takes it where its clients and users are there already, which
# keep their secrets.`;
  return `# Realms, clients and users, as symbolon export has written them (version ${version}): ${realm} and what is below it.
# ${meaning}
realms:
`;
}
