import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Whether a program is on the path. */
export function isInstalled(program: string): boolean {
  return spawnSync(program, ['--version'], { stdio: 'ignore' }).error === undefined;
}

/** A program of PostgreSQL: the path of Debian's newest, or its name if it is on the path, or undefined. */
export function postgresProgram(name: string): string | undefined {
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian) ? readdirSync(debian) : [];
  const newestFirst = versions.sort((a, b) => Number(b) - Number(a));
  const paths = newestFirst.map((version) => join(debian, version, 'bin', name));
  return paths.find((path) => existsSync(path)) ?? (isInstalled(name) ? name : undefined);
}

/** The programs that a run needs and this machine lacks, and how to install them. */
export function missingPrograms(): string[] {
  return [
    ...(isInstalled('wrk') ? [] : ['wrk (apt-get install wrk)']),
    ...(postgresProgram('postgres') ? [] : ['PostgreSQL (apt-get install postgresql)']),
  ];
}
