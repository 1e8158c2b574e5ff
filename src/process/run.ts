import { describeStartError, startStatus } from '../app/start-error.js';
import { readConfig } from '../config/config.js';
import { createLog } from '../observability/log.js';
import type { LogOutput } from '../observability/log-output.js';
import { stopOnHangup } from './hangup.js';
import { runPrimary } from './primary.js';
import { runSingle } from './single.js';
import { standardOutput } from './standard-output.js';
import { listenForStop } from './stop-signal.js';
import { isWorker, reportStartFailure, runWorker } from './worker.js';

/** How long the last lines of the log may take, in milliseconds. */
const lastLinesMs = 1_000;

/**
 * Serves until SIGTERM, SIGINT or, without TLS files, SIGHUP asks it to stop: alone, by workers, or as one of them. Then it
 * ends the process, with status 0, or with the reason on standard error when the start fails: with status 3 where the
 * database or the cluster cannot be reached, else with status 1.
 */
export async function run(): Promise<never> {
  const output = standardOutput();
  try {
    await serveUntilStopped(output);
    await output.end(lastLinesMs);
    return process.exit(0);
  } catch (error) {
    const reason = describeStartError(error);
    if (isWorker) await reportStartFailure(reason);
    else process.stderr.write(`symbolon: ${reason}\n`);
    await output.end(lastLinesMs);
    // This may cut off what has been started: committed data is safe, and a half-made database is made again.
    return process.exit(startStatus(error));
  }
}

async function serveUntilStopped(output: LogOutput): Promise<void> {
  const config = readConfig();
  const log = createLog(config.logLevel, output);
  // A signal during the start takes effect when the start is over.
  const signal = Promise.race([listenForStop(), stopOnHangup(config)]);
  if (isWorker) await runWorker(config, log, signal);
  else if (config.workers > 1) await runPrimary(config, log, signal);
  else await runSingle(config, log, signal);
}
