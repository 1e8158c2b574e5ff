/** Says on standard error what is done now, and how many seconds after the start. */
export function progress(text: string): void {
  process.stderr.write(`${(performance.now() / 1000).toFixed(1).padStart(7)} s  ${text}\n`);
}
