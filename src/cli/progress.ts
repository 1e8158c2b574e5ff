import { SingleBar } from 'cli-progress';

/** Shows on a terminal how far a file has been read; elsewhere it shows nothing. */
export class Progress {
  private readonly bar: SingleBar;

  /** @param bytes the file's size; 0 when it is not known, then no progress is shown */
  constructor(bytes: number, stream: NodeJS.WritableStream = process.stderr) {
    const format = '{bar} {percentage}% | line {line} | {eta_formatted} left';
    // `linewrap` leaves the terminal's settings alone: Ctrl-C could end the process before they are restored.
    this.bar = new SingleBar({ stream, format, linewrap: true, clearOnComplete: true });
    if (bytes > 0) this.bar.start(bytes, 0, { line: 0 });
  }

  show(line: number, bytes: number): void {
    this.bar.update(bytes, { line });
  }

  /** Removes the bar. */
  stop(): void {
    this.bar.stop();
  }
}
