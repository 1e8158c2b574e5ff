import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Rotation } from '../../src/domain/refresh-token.js';

type Answer = { readonly outcomes: boolean[] } | { readonly error: string };

/** Servers in processes of their own that rotate refresh tokens, without the servers. */
export class RotatingProcesses {
  private constructor(private readonly children: readonly ChildProcess[]) {}

  /** @param settings name the keyspace, which is there */
  static async start(count: number, settings: Readonly<Record<string, string>>): Promise<RotatingProcesses> {
    const program = join(import.meta.dirname, 'rotating-process.js');
    const children = Array.from({ length: count }, () =>
      fork(program, [JSON.stringify(settings)], { serialization: 'advanced' }),
    );
    await Promise.all(children.map((child) => next(child)));
    return new RotatingProcesses(children);
  }

  /**
   * Has all rotations done at once, each process an equal part.
   * @throws what a process has thrown
   */
  async rotate(rotations: readonly Rotation[]): Promise<boolean[]> {
    const count = this.children.length;
    const answers = await Promise.all(
      this.children.map(async (child, index) => {
        const part = rotations.filter((_, number) => number % count === index);
        const answer = next<Answer>(child);
        child.send(part);
        return answer;
      }),
    );
    const parts = answers.map((answer) => {
      if ('error' in answer) throw new Error(answer.error);
      return answer.outcomes;
    });
    return rotations.map((_, number) => parts[number % count][Math.floor(number / count)]);
  }

  async end(): Promise<void> {
    await Promise.all(
      this.children.map(async (child) => {
        const exit = once(child, 'exit');
        child.disconnect();
        await exit;
      }),
    );
  }
}

/** The next message of a process. */
async function next<Message>(child: ChildProcess): Promise<Message> {
  const stop = new AbortController();
  const { signal } = stop;
  try {
    const ended = once(child, 'exit', { signal }).then(() => {
      throw new Error('a process has ended');
    });
    ended.catch(() => {}); // The abort below rejects it.
    const [message] = (await Promise.race([once(child, 'message', { signal }), ended])) as [Message];
    return message;
  } finally {
    stop.abort();
  }
}
