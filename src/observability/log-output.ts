/** Most characters of the log that wait for a write. Lines beyond are lost, so that a log that nobody reads costs no more. */
const maxWaiting = 1 << 20;

/** Another loss is told of so long after the end of the one before, in milliseconds: a log that is lost now and then must not fill another one. */
const quietMs = 60_000;

/** Writes a text, and says when all of it is written or why it is not. */
export type LogSink = (text: string, done: (error?: NodeJS.ErrnoException | null) => void) => void;

/**
 * Where the lines of the log go. It never keeps a request waiting: lines that come during a write are written together
 * after it. Lines that cannot be written are lost and counted, and the server serves on. The operator is told when that
 * begins, and with their number when it is over.
 */
export class LogOutput {
  private waiting: string[] = [];
  private waitingLength = 0;
  /** How many lines are being written. */
  private underWay = 0;
  private lost = 0;
  /** Of these, how many the operator has been told of. */
  private toldLost = 0;
  /** Whether the operator was told that lines are lost, and not yet that they are written again. */
  private failing = false;
  private toldAt = -Infinity;
  private readonly flushed: (() => void)[] = [];

  /**
   * @param tell says something to the operator, elsewhere than in the log
   * @param elapsed a monotonic clock, in milliseconds
   */
  constructor(
    private readonly sink: LogSink,
    private readonly tell: (sentence: string) => void,
    private readonly elapsed: () => number,
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
   * were lost in all.
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
      else this.recover();
      this.underWay = 0;
      if (this.waiting.length > 0) this.writeWaiting();
      else for (const resolve of this.flushed.splice(0)) resolve();
    });
  }

  private lose(lines: number, reason: string): void {
    this.lost += lines;
    if (this.failing || this.elapsed() - this.toldAt < quietMs) return;
    this.failing = true;
    this.tell(`the log cannot be written (${reason}): its lines are lost.`);
  }

  private recover(): void {
    if (!this.failing) return;
    this.failing = false;
    this.tell(`the log is written again; ${this.lost - this.toldLost} lines were lost.`);
    this.toldLost = this.lost;
    this.toldAt = this.elapsed();
  }
}
