import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Whether a program is on the path. */
export function isInstalled(program: string): boolean {
  return spawnSync(program, ['--version'], { stdio: 'ignore' }).error === undefined;
}

/** Where one of PostgreSQL's programs is: the newest of Debian's, or else on the path; undefined when nowhere. */
export function postgresProgram(name: string): string | undefined {
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian) ? readdirSync(debian) : [];
  const newestFirst = versions.sort((a, b) => Number(b) - Number(a));
  const paths = newestFirst.map((version) => join(debian, version, 'bin', name));
  return paths.find((path) => existsSync(path)) ?? (isInstalled(name) ? name : undefined);
}

/** What a run needs and this machine lacks, and how to get it. */
export function missingPrograms(): string[] {
  return [
    ...(isInstalled('wrk') ? [] : ['wrk (apt-get install wrk)']),
    ...(postgresProgram('postgres') ? [] : ['PostgreSQL (apt-get install postgresql)']),
  ];
}
