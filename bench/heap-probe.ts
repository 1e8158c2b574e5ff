/** Loaded into the server under test: tells the process that started it what is in use once all garbage is gone. */
process.on('message', () => {
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  process.send?.(heapUsed + external);
});
// It is no reason for the server to live on.
process.channel?.unref();
