import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { shortLived } from '../support/server-process.js';

/** How a command ended. */
export interface Ended {
  readonly status: number | string | null | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Surroundings {
  /** Standard input, which is not a terminal. */
  readonly input?: string | Buffer;
  /** The whole environment. */
  readonly env?: Readonly<Record<string, string>>;
}

/** The built program. */
export const program = fileURLToPath(new URL('../../dist/src/cli/main.js', import.meta.url));

/** What commands say on standard error of an embedded database, whose path differs from run to run. */
export const whichDatabase = /^symbolon: in the embedded database (.*)\n/;

/** Runs the built program in a process of its own. Of standard error, `whichDatabase` is left out. */
export function symbolon(
  args: readonly string[],
  { input = '', env = {} }: Surroundings = {},
): Promise<Ended> {
  return new Promise((resolve) => {
    const wholeArgs = [...shortLived, program, ...args];
    const child = execFile(process.execPath, wholeArgs, { env }, (error, stdout, stderr) => {
      resolve({ status: error ? error.code : 0, stdout, stderr: stderr.replace(whichDatabase, '') });
    });
    // A command that does not read its input may end before it is written.
    child.stdin?.on('error', () => {});
    child.stdin?.end(input);
  });
}
