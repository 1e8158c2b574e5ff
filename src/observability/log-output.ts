/** Most characters of the log that wait for a write. Lines beyond are lost, so that a log that nobody reads costs no more. */
const maxWaiting = 1 << 20;

/** Writes a text, and says when all of it is written or why it is not. */
export type LogSink = (text: string, done: (error?: NodeJS.ErrnoException | null) => void) => void;

/**
 * Where the lines of the log go. It never keeps a request waiting: lines that come during a write are written together
 * after it. Lines that cannot be written are lost and counted, and the server serves on.
 */
export class LogOutput {
  private waiting: string[] = [];
  private waitingLength = 0;
  /** How many lines are being written. */
  private underWay = 0;
  private lost = 0;
  private readonly flushed: (() => void)[] = [];

  /** @param tell says something to the operator, elsewhere than in the log */
  constructor(
    private readonly sink: LogSink,
    private readonly tell: (sentence: string) => void,
  ) {}

  write(line: string): void {
    if (this.waitingLength + line.length > maxWaiting) {
      this.lose(1, 'nobody reads it');
      return;
    }
    this.waiting.push(line);
    this.waitingLength += line.length;
    if (this.underWay === 0) this.writeWaiting();
  }

  /**
   * Waits until everything is written, but not for longer than a deadline, in milliseconds. Then it says how many lines
   * were lost.
   */
  async end(deadline: number): Promise<void> {
    if (this.underWay > 0) await this.emptied(deadline);
    const lost = this.lost + this.underWay + this.waiting.length;
    if (lost > 0) this.tell(`${lost} lines of the log were lost.`);
  }

  private emptied(deadline: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, deadline);
      this.flushed.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  private writeWaiting(): void {
    const text = this.waiting.join('');
    this.underWay = this.waiting.length;
    this.waiting = [];
    this.waitingLength = 0;
    this.sink(text, (error) => {
      if (error) this.lose(this.underWay, error.code ?? error.name);
      this.underWay = 0;
      if (this.waiting.length > 0) this.writeWaiting();
      else for (const resolve of this.flushed.splice(0)) resolve();
    });
  }

  /** Counts lost lines. The operator is told of the first ones alone: a log that is lost line by line would fill another. */
  private lose(lines: number, reason: string): void {
    if (this.lost === 0) this.tell(`the log cannot be written (${reason}): its lines are lost.`);
    this.lost += lines;
  }
}
