import { basename } from 'node:path';
import type { AuditChanges, AuditedSubject, AuditEvent, AuditLog, SubjectKind } from '../domain/audit.js';
import { changedSubject, memberChanges } from '../domain/audit-events.js';
import type { Directory } from '../domain/directory.js';
import type { DirectoryChange, DirectoryWriter, Effect } from '../domain/directory-writer.js';
import type { Place } from '../domain/page.js';
import type { PasswordForms } from '../domain/password-forms.js';
import type { PasswordHasher } from '../domain/secret.js';
import type { Environment } from '../config/setting-reader.js';
import { count, type Counts, digestOf } from './apply.js';
import { CredentialPlanner } from './credentials.js';
import { parseConfiguration, type Source } from './parse.js';
import { planChanges, type PlanObserver } from './plan.js';

/** What applying a file would do to one subject. */
export interface PlannedChange {
  readonly effect: Effect;
  readonly kind: SubjectKind;
  readonly subject: AuditedSubject;
  /** As `memberChanges` has them. */
  readonly changes: AuditChanges;
  /**
   * What admin tokens and commands have done since the file was applied last, or ever where it is not known to have been, and
   * what the file would overrule; newest first.
   */
  readonly overruled: readonly AuditEvent[];
}

/** What applying a file would do. */
export interface FilePlan {
  /** Whether nothing would be done, because the configuration is the one that was applied last. */
  readonly skipped: boolean;
  readonly counts: Counts;
  readonly changes: readonly PlannedChange[];
}

/** How many events of applied files are looked at for the last one of this file. */
const maxAppliedFiles = 2_000;
const pageSize = 200;

/** Says what `Provisioner.apply` would do, and does nothing of it. */
export class FilePlanner {
  /** @param directory must not be cached */
  constructor(
    private readonly directory: Directory,
    private readonly writer: DirectoryWriter,
    private readonly hasher: PasswordHasher,
    private readonly forms: PasswordForms,
    private readonly audit: AuditLog,
  ) {}

  /**
   * Compares a file with the directory. New passwords are not hashed.
   * @throws ConfigurationFileError with every problem of the file; user names that collide when they are folded are found by
   *   `apply` alone
   * @throws StoreUnavailable
   */
  async plan(source: Source, env: Environment, observe?: PlanObserver): Promise<FilePlan> {
    const configuration = parseConfiguration(source, env, this.forms);
    const { configurationHash } = await this.writer.state();
    const skipped =
      configurationHash !== undefined &&
      (await this.hasher.verify(configurationHash, digestOf(configuration)));
    if (skipped) return { skipped, counts: count([]), changes: [] };
    const credentials = new CredentialPlanner(this.hasher, this.forms, false);
    const steps = await planChanges(configuration, this.directory, credentials, observe);
    const since = await this.lastApplied(basename(source.file));
    const changes: PlannedChange[] = [];
    for (const step of steps) {
      if (step) changes.push(await this.planned(step, since));
    }
    return { skipped, counts: count(steps), changes };
  }

  private async planned(change: DirectoryChange, since: number): Promise<PlannedChange> {
    const { kind, ...subject } = changedSubject(change);
    const changes = memberChanges(change);
    const events = await this.audit.changesAfter(kind, subject, since);
    const overruled = events.filter((event) => isOverruled(event, change.effect, changes));
    return { effect: change.effect, kind, subject, changes, overruled };
  }

  /** When a file of this name was applied last, in milliseconds since 1970; 0 where no event tells. */
  private async lastApplied(file: string): Promise<number> {
    let before: Place | undefined;
    for (let seen = 0; seen < maxAppliedFiles; seen += pageSize) {
      const query = { within: '/', action: 'configuration.applied', limit: pageSize, before };
      const events = await this.audit.list(query);
      const applied = events.find(({ changes }) => changes.file === file);
      if (applied) return applied.at;
      before = events.at(-1);
      if (events.length < pageSize) break;
    }
    return 0;
  }
}

/** The members that an event of its own tells of. */
const memberOfAction: Readonly<Record<string, string>> = {
  disabled: 'enabled',
  enabled: 'enabled',
  secret_added: 'client_secret',
  secret_ended: 'client_secret',
  password_changed: 'password',
};

/** Whether a planned change concerns what an event has done. */
function isOverruled({ action, changes: done }: AuditEvent, effect: Effect, planned: AuditChanges): boolean {
  const [, act] = action.split('.');
  if (effect === 'add') return act === 'deleted';
  if (act === 'deleted' || act === 'tokens_ended') return false;
  if (effect === 'remove') return true;
  const members = [...Object.keys(done), memberOfAction[act]];
  return members.some((member) => Object.hasOwn(planned, member));
}
