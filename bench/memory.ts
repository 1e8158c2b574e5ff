import { readFileSync } from 'node:fs';

/** The memory of a process (proc(5)), in MB. */
export interface Memory {
  /** Now. */
  readonly resident: number;
  /** At its highest so far. */
  readonly highest: number;
}

/** The memory that a process of Linux has resident. */
export function memoryOf(pid: number): Memory {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const field = (name: string) =>
    Math.round(Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1]) / 1024);
  return { resident: field('VmRSS'), highest: field('VmHWM') };
}
