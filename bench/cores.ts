import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { constants, setPriority } from 'node:os';
import { isInstalled } from './programs.js';

/** The core of the server under test, and that of everything else. */
export interface Cores {
  readonly server: number;
  readonly load: number;
}

/**
 * Moves this process, and so every process that it starts, to the load's core.
 * @returns undefined where there is no `taskset`, or no second core
 */
export function divideCores(): Cores | undefined {
  if (!isInstalled('taskset')) return undefined;
  const [server, load] = allowedCores();
  if (load === undefined) return undefined;
  execFileSync('taskset', ['--all-tasks', '--cpu-list', '--pid', String(load), String(process.pid)]);
  return { server, load };
}

/**
 * Does some work while this process comes before all others of its core: what PostgreSQL and others do there meanwhile must
 * not count as latency of the server. Where the system does not allow that, it comes in its turn.
 */
export async function first<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    setPriority(constants.priority.PRIORITY_HIGHEST);
  } catch {
    return work(); // We are not root.
  }
  try {
    return await work();
  } finally {
    setPriority(constants.priority.PRIORITY_NORMAL);
  }
}

/** The cores that this process may use; Linux lists them as `0-1,4`. */
function allowedCores(): number[] {
  const [, list] = /^Cpus_allowed_list:\s*(.*)$/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? ['', ''];
  return list.split(',').flatMap((range) => {
    const [first, last = first] = range.split('-').map(Number);
    return Array.from({ length: last - first + 1 }, (_, index) => first + index);
  });
}
