import type { Command } from 'commander';
import type { SubjectKind } from '../domain/audit.js';
import { addClientSecrets } from './client-secret.js';
import { addSubjectChanges } from './subject-changes.js';
import { addSubjectReads } from './subject-reads.js';

const help = `
Settings come from the environment, as for apply. A change is made as apply makes it: servers honour it at once, and
symbolon audit tells who made it.`;

/** Adds `realm`, `client` and `user`: looks after one subject, or lists them. */
export function addSubjects(program: Command): void {
  for (const kind of ['realm', 'client', 'user'] as const) addSubject(program, kind);
}

function addSubject(program: Command, kind: SubjectKind): void {
  const command = program
    .command(kind)
    .description(`list, show, add, change and remove ${kind}s`)
    .addHelpText('after', help);
  addSubjectReads(command, kind);
  addSubjectChanges(command, kind);
  if (kind === 'client') addClientSecrets(command);
}
