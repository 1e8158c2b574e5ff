import { Provisioner } from '../../src/provisioning/apply.js';
import { KnownForms } from '../../src/hashing/known-forms.js';
import { MemoryDirectory } from '../../src/storage/memory/directory.js';
import { FastHasher } from './fast-hasher.js';
import { tester } from '../support/audit.js';
import { StoppedClock } from '../support/stopped-clock.js';

export const hasher = new FastHasher();

/** A file with one client of realm `/alpha`, `c` unless named, and these further lines for it. */
export function client(lines: string, name = 'c'): string {
  return `realms:\n  - name: /alpha\n    clients:\n      - client_id: ${name}\n${indent(lines)}`;
}

/** A file with one user, `u` of realm `/alpha`, and these further lines for it. */
export function user(lines: string): string {
  return `realms:\n  - name: /alpha\n    users:\n      - username: u\n${indent(lines)}`;
}

function indent(lines: string): string {
  return lines
    .split('\n')
    .map((line) => `        ${line}\n`)
    .join('');
}

/** A file with one realm, `/alpha`, and these further lines for it. */
export function realm(lines: string): string {
  return `realms:\n  - name: /alpha\n    ${lines}\n`;
}

/** A directory to which the given files have been applied, one after the other. */
export async function directoryAfter(...files: string[]): Promise<MemoryDirectory> {
  const directory = new MemoryDirectory();
  for (const text of files) await apply(directory, text);
  return directory;
}

export function apply(directory: MemoryDirectory, text: string) {
  return new Provisioner(directory, directory, hasher, new KnownForms(hasher), new StoppedClock()).apply(
    { file: 'symbolon.yaml', text },
    {},
    tester,
  );
}

/** The outcome of an applied file; counts that are left out are zero. */
export function counts(some: { added?: number; updated?: number; removed?: number; unchanged?: number }) {
  return { skipped: false, added: 0, updated: 0, removed: 0, unchanged: 0, ...some };
}
