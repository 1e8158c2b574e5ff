/** The shortest time between the end of a round and the next one, in milliseconds: changes come in crowds. */
const pauseMs = 1000;

/** After how long a round that did not finish is taken up again, in milliseconds; nodes that collided choose at random. */
const againMs = { least: 5_000, most: 15_000 };

/** Runs rounds of work, one at a time, when they are asked for. */
export class Rounds {
  private timer?: NodeJS.Timeout;
  /** The round that is under way, or was last. It never rejects. */
  private round?: Promise<void>;
  private running = false;
  private wanted = false;
  private ended = false;

  /**
   * @param work does one round, and returns whether it finished; one that did not is taken up again
   * @param report is told of each error, after which a round has not finished
   */
  constructor(
    private readonly work: () => Promise<boolean>,
    private readonly report: (error: unknown) => void,
  ) {}

  get stopped(): boolean {
    return this.ended;
  }

  /** Asks for a round that begins from now on. */
  ask(delayMs = pauseMs): void {
    this.wanted = true;
    if (!this.running) this.runIn(delayMs);
  }

  /** Begins no further round, and waits for the one that is under way. */
  async stop(): Promise<void> {
    this.ended = true;
    clearTimeout(this.timer);
    await this.round;
  }

  private runIn(delayMs: number): void {
    if (this.ended || this.timer) return;
    this.timer = setTimeout(() => {
      this.timer = undefined;
      this.round = this.run();
    }, delayMs).unref();
  }

  private async run(): Promise<void> {
    this.running = true;
    this.wanted = false;
    const finished = await this.work().catch((error: unknown) => {
      if (!this.ended) this.report(error);
      return false;
    });
    this.running = false;
    if (!finished) this.runIn(againMs.least + Math.random() * (againMs.most - againMs.least));
    else if (this.wanted) this.runIn(pauseMs);
  }
}
