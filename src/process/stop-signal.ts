let requested: Promise<NodeJS.Signals> | undefined;

/**
 * Listens for the signals that stop a server, from the first call on.
 * @returns a promise of the first one; the same signal again ends the process at once
 */
export function listenForStop(): Promise<NodeJS.Signals> {
  requested ??= new Promise((resolve) => {
    process.once('SIGTERM', resolve);
    process.once('SIGINT', resolve);
  });
  return requested;
}
