/** Writes a line about the progress to standard error, with the seconds since the start. */
export function progress(text: string): void {
  process.stderr.write(`${(performance.now() / 1000).toFixed(1).padStart(7)} s  ${text}\n`);
}
