import { SingleBar } from 'cli-progress';

/** What is counted: `line` is the number of a file's line. */
export type Counted = 'line' | 'tokens' | 'subjects';

/** Shows on a terminal how far a command has come; elsewhere it shows nothing. */
export class Progress {
  private readonly bar: SingleBar;

  /**
   * @param total a file's size in bytes, or any other measure; 0 when it is not known, then no progress is shown
   * @param counted what is counted on the way
   */
  constructor(
    total: number,
    private readonly counted: Counted = 'line',
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

  /** As `show`, where the total is known only now. */
  showOf(total: number, done: number): void {
    if (!this.bar.isActive) this.bar.start(total, done, this.payload(done));
    else this.show(done, done);
  }

  /** Removes the bar. */
  stop(): void {
    this.bar.stop();
  }

  private payload(count: number): { readonly counted: string } {
    return { counted: this.counted === 'line' ? `line ${count}` : `${count} ${this.counted}` };
  }
}

/** Shows on a terminal how much has been done of something whose end is not known; elsewhere it shows nothing. */
export class Counter {
  private readonly bar: SingleBar;

  constructor(counted: Exclude<Counted, 'line'>, stream: NodeJS.WritableStream = process.stderr) {
    this.bar = new SingleBar({ stream, format: `{value} ${counted}`, linewrap: true, clearOnComplete: true });
    this.bar.start(0, 0);
  }

  show(count: number): void {
    this.bar.update(count);
  }

  /** Removes the count. */
  stop(): void {
    this.bar.stop();
  }
}
