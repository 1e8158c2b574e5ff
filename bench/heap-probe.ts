/** Loaded into the server under test: on a message, collects garbage and sends its parent the used bytes. */
process.on('message', () => {
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  process.send?.(heapUsed + external);
});
// The channel must not keep the server running.
process.channel?.unref();
