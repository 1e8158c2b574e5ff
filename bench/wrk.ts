import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import type { Processes } from './processes.js';
import type { Request } from './request.js';
import type { TokenFile } from './tokens.js';

/** Connections that each have one request under way. */
export const connections = 64;

const script = fileURLToPath(new URL('../../bench/requests.lua', import.meta.url));

/** Load on a server. */
export interface Load {
  readonly port: number;
  readonly request: Request;
  readonly tokens: TokenFile;
  /** Number of the first token. */
  readonly from: number;
  readonly seconds: number;
  /** `connections` when left out. */
  readonly connections?: number;
}

/** The result of a load. */
export interface LoadResult {
  readonly requests: number;
  readonly seconds: number;
  /** Requests that were answered by a status of 400 or more. */
  readonly refused: number;
  /** Connections that failed and requests that were not answered. */
  readonly failed: number;
  /** Latencies in milliseconds. */
  readonly p50: number;
  readonly p99: number;
}

/** Puts as much load on a server as it can answer, by wrk. */
export async function wrk(processes: Processes, load: Load): Promise<LoadResult> {
  const { port, request, tokens, from, seconds } = load;
  const count = load.connections ?? connections;
  const options = ['--threads=1', `--connections=${count}`, '--timeout=10s', `--script=${script}`];
  const { child, ended } = processes.start({
    name: 'wrk',
    line: ['wrk', ...options, `--duration=${Math.ceil(seconds)}s`, `http://127.0.0.1:${port}`, '--'].concat([
      tokens.path,
      String(from),
      request.before,
      request.behind,
    ]),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  // wrk takes whole seconds only; when interrupted, it reports its results so far.
  if (!Number.isInteger(seconds)) setTimeout(() => child.kill('SIGINT'), seconds * 1000);
  const output = await text(child.stdout!);
  const report = output.trimEnd().split('\n').at(-1) ?? '';
  if (!report.startsWith('{')) throw new Error(`wrk ${await ended}: ${output}`);
  return JSON.parse(report) as LoadResult;
}
