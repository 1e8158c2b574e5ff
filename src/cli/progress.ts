import { SingleBar } from 'cli-progress';

/** Shows on a terminal how far a command has come; elsewhere it shows nothing. */
export class Progress {
  private readonly bar: SingleBar;

  /**
   * @param total a file's size in bytes, or any other measure; 0 when it is not known, then no progress is shown
   * @param counted what is counted on the way
   */
  constructor(
    total: number,
    private readonly counted: 'line' | 'tokens' = 'line',
    stream: NodeJS.WritableStream = process.stderr,
  ) {
    const format = '{bar} {percentage}% | {counted} | {eta_formatted} left';
    // `linewrap` leaves the terminal's settings alone: Ctrl-C could end the process before they are restored.
    this.bar = new SingleBar({ stream, format, linewrap: true, clearOnComplete: true });
    if (total > 0) this.bar.start(total, 0, this.payload(0));
  }

  /** @param done how much of the total is done */
  show(count: number, done: number): void {
    this.bar.update(done, this.payload(count));
  }

  /** Removes the bar. */
  stop(): void {
    this.bar.stop();
  }

  private payload(count: number): { readonly counted: string } {
    return { counted: this.counted === 'line' ? `line ${count}` : `${count} tokens` };
  }
}
