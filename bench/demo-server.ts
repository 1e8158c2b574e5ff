import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../../dist/src/main.js', import.meta.url));

/** The built server, with the demo on an embedded database. */
interface DemoServer {
  readonly pid: number;
  readonly port: string;
  readonly end: () => Promise<void>;
}

/** Resident memory of a process (Linux) now and at its highest, in MB. */
export function memoryOf(pid: number): { resident: number; highest: number } {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const field = (name: string) =>
    Math.round(Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1]) / 1024);
  return { resident: field('VmRSS'), highest: field('VmHWM') };
}

/**
 * Starts the demo, and prints how long that took.
 * @param settings by their environment names; `DATA_DIR` must be among them
 * @throws Error when the server ends instead
 */
export async function startDemo(
  name: string,
  settings: Readonly<Record<string, string>>,
): Promise<DemoServer> {
  const began = performance.now();
  const env = { PATH: process.env.PATH, PORT: '0', ADMIN_PORT: '0', ...settings };
  const child = spawn(process.execPath, [program], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  for await (const line of createInterface(child.stdout)) {
    const [, port] = /"port":(\d+).*"listening"/.exec(line) ?? [];
    if (port === undefined) continue;
    const took = Math.round(performance.now() - began);
    const pid = child.pid ?? 0;
    process.stdout.write(`${name}: ${took} ms, ${memoryOf(pid).highest} MB at its highest\n`);
    child.stdout.resume();
    const end = async () => {
      child.kill('SIGTERM');
      await once(child, 'exit');
    };
    return { pid, port, end };
  }
  throw new Error(`${name}: ended`);
}
