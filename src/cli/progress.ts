import { SingleBar } from 'cli-progress';

/** Shows on a terminal how far a file has been read; elsewhere it shows nothing. */
export class Progress {
  private readonly bar: SingleBar;

  /** @param bytes the file's size; 0 where it is not known, and no progress is shown */
  constructor(bytes: number, stream: NodeJS.WritableStream = process.stderr) {
    const format = '{bar} {percentage}% | line {line} | {eta_formatted} left';
    // The terminal's own settings stay as they are, since Ctrl-C may end the process.
    this.bar = new SingleBar({ stream, format, linewrap: true, clearOnComplete: true });
    if (bytes > 0) this.bar.start(bytes, 0, { line: 0 });
  }

  show(line: number, bytes: number): void {
    this.bar.update(bytes, { line });
  }

  /** Clears the bar away. */
  stop(): void {
    this.bar.stop();
  }
}
