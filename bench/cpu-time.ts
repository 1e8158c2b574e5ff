import { readdirSync, readFileSync } from 'node:fs';

/** Linux shows processor time in hundredths of a second, whatever the kernel's own clock. */
const microsecondsPerTick = 10_000;

/** What `/proc/<pid>/stat` says of a process (proc(5)). */
interface Stat {
  readonly parent: number;
  /** Of all of its threads, in ticks. */
  readonly used: number;
  /** Of its children that have ended and their children, in ticks. */
  readonly usedByEnded: number;
}

/** The processor time that processes have used so far, in microseconds. */
export function cpuTime(pids: readonly number[]): number {
  return microsecondsPerTick * sum(pids.map((pid) => statOf(pid).used));
}

/** As above, of one process and its children, those that have ended included. */
export function cpuTimeWithChildren(pid: number): number {
  const own = statOf(pid);
  return microsecondsPerTick * (own.used + own.usedByEnded + sum(childrenOf(pid).map(({ used }) => used)));
}

/** The process that started this one. */
export function parentOf(pid: number): number {
  return statOf(pid).parent;
}

function childrenOf(parent: number): Stat[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids
    .flatMap((pid) => {
      try {
        return [statOf(Number(pid))];
      } catch {
        return []; // It has ended meanwhile.
      }
    })
    .filter((stat) => stat.parent === parent);
}

function statOf(pid: number): Stat {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The program's name stands in parentheses, and may hold any character.
  const fields = text
    .slice(text.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
  return { parent: fields[1], used: fields[11] + fields[12], usedByEnded: fields[13] + fields[14] };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
