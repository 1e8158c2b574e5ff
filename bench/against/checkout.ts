import { execFileSync } from 'node:child_process';
import { readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import type { Processes } from '../processes.js';
import { progress } from '../progress.js';

/** The repository, as seen from bench/build/against. */
const repository = fileURLToPath(new URL('../../../', import.meta.url));

/** Lines of a failed program's output that its error repeats. */
const lastLines = 20;

/**
 * The commit that a revision names.
 * @throws Error when it names none
 */
export function commitOf(revision: string): string {
  try {
    return git('rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`);
  } catch {
    throw new Error(`--against: "${revision}" names no commit of this repository`);
  }
}

/**
 * Builds the server of a commit in a work tree of its own.
 * @param folder does not exist yet
 * @throws Error when it cannot be built
 */
export async function checkOut(processes: Processes, commit: string, folder: string): Promise<void> {
  git('worktree', 'add', '--quiet', '--detach', folder, commit);
  progress(`building ${commit.slice(0, 12)}`);
  const lock = (root: string) => readFileSync(join(root, 'package-lock.json'), 'utf8');
  if (lock(folder) === lock(repository)) {
    symlinkSync(join(repository, 'node_modules'), join(folder, 'node_modules'));
  } else {
    await npm(processes, folder, ['ci', '--ignore-scripts']);
  }
  await npm(processes, folder, ['run', 'build']);
}

/** Removes a work tree; does nothing where there is none. */
export function removeCheckout(folder: string): void {
  if (git('worktree', 'list', '--porcelain').split('\n').includes(`worktree ${folder}`)) {
    git('worktree', 'remove', '--force', folder);
  }
}

async function npm(processes: Processes, folder: string, args: readonly string[]): Promise<void> {
  const { child, ended } = processes.start({
    name: 'npm',
    line: ['npm', ...args],
    env: { HOME: process.env.HOME ?? folder },
    stdio: ['ignore', 'pipe', 'pipe'],
    folder,
    endedBy: 'group',
  });
  const [output, errors, how] = await Promise.all([text(child.stdout!), text(child.stderr!), ended]);
  if (how === 'ended with status 0') return;
  const last = `${output}${errors}`.trimEnd().split('\n').slice(-lastLines).join('\n');
  throw new Error(`--against: npm ${args.join(' ')} ${how} in the work tree:\n${last}`);
}

function git(...args: readonly string[]): string {
  return execFileSync('git', args, { cwd: repository, encoding: 'utf8', stdio: 'pipe' }).trim();
}
