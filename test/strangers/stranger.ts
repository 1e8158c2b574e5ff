import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const script = fileURLToPath(new URL('../support/strangers.sh', import.meta.url));

/**
 * A program of this folder that uses a client library that others have written. It answers each line of its input with
 * one line; what it answers to which is told at its top.
 */
export class Stranger {
  private readonly lines: AsyncIterator<string>;
  private readonly ended: Promise<unknown>;
  private complaints = '';

  private constructor(
    private readonly name: string,
    private readonly child: ChildProcess,
  ) {
    if (!child.stdout || !child.stderr) throw new Error('its output is not piped');
    this.lines = createInterface(child.stdout)[Symbol.asyncIterator]();
    child.stderr.setEncoding('utf8').on('data', (text: string) => (this.complaints += text));
    child.stdin?.on('error', () => {}); // That it has ended is said by the missing answer.
    this.ended = once(child, 'close');
  }

  /** Starts the program of this name with the libraries that `TEST_STRANGERS` holds. No proxy stands between it and us. */
  static start(name: string): Stranger {
    const env = { ...process.env, NO_PROXY: '*', no_proxy: '*' };
    return new Stranger(
      name,
      spawn('bash', [script, 'run', process.env.TEST_STRANGERS ?? '', name], { env }),
    );
  }

  /**
   * Its answer to these words.
   * @throws when it ends instead
   */
  async ask(...words: readonly string[]): Promise<string> {
    this.child.stdin?.write(`${words.join(' ')}\n`);
    const answer = await this.lines.next();
    if (answer.done) throw new Error(`${this.name} ended without an answer: ${this.complaints}`);
    return answer.value;
  }

  /** Ends its input, and resolves when it has ended. */
  async stop(): Promise<void> {
    this.child.stdin?.end();
    await this.ended;
  }
}
