import { describeStartError } from './app/start-error.js';
import { readConfig } from './config/config.js';
import { createLog } from './observability/log.js';
import { runPrimary } from './process/primary.js';
import { runSingle } from './process/single.js';
import { isWorker, reportStartFailure, runWorker } from './process/worker.js';

/** Serves until a signal asks it to stop: alone, by workers, or as one of them. */
async function main(): Promise<void> {
  const config = readConfig();
  const log = createLog(config.logLevel);
  const signal = stopSignal();
  if (isWorker) await runWorker(config, log, signal);
  else if (config.workers > 1) await runPrimary(config, log, signal);
  else await runSingle(config, log, signal);
}

/** The first signal to stop. One that comes during the start waits for its end; the same again ends the process. */
function stopSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    process.once('SIGTERM', resolve);
    process.once('SIGINT', resolve);
  });
}

main().then(
  () => process.exit(0),
  // Whatever has been started may be cut off: committed data is safe, and a database that is half made is made again.
  async (error: unknown) => {
    const reason = describeStartError(error);
    if (isWorker) await reportStartFailure(reason);
    else process.stderr.write(`symbolon: ${reason}\n`);
    process.exit(1);
  },
);
