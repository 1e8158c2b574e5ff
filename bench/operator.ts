import { setTimeout as delay } from 'node:timers/promises';

/** A page of a list, as the operator's listener answers it. */
interface Page {
  readonly items: readonly unknown[];
  readonly next?: string;
}

/** Longest wait for the listener, which opens after the public one, in milliseconds. */
const deadlineMs = 10_000;

/** Somebody who looks at lists, one request at a time, and how long each took in milliseconds. */
export class Operator {
  private constructor(
    private readonly origin: string,
    private readonly headers: Readonly<Record<string, string>>,
  ) {}

  /** @param token an admin token of the root realm */
  static async at(port: number, token: string): Promise<Operator> {
    const operator = new Operator(`http://127.0.0.1:${port}`, { authorization: `Bearer ${token}` });
    for (const giveUpAt = performance.now() + deadlineMs; ;) {
      try {
        await operator.timed('realms');
        return operator;
      } catch (error) {
        // `fetch` fails by a TypeError where nobody listens.
        if (!(error instanceof TypeError) || performance.now() > giveUpAt) throw error;
        await delay(20);
      }
    }
  }

  /** Asks for something, and returns how long the whole answer took. @throws Error where it is refused or empty */
  async timed(path: string): Promise<number> {
    return (await this.page(path)).tookMs;
  }

  /** How long each page of a list took, from the first to the last one, or to so many. */
  async walk(path: string, pages = Infinity): Promise<number[]> {
    const times: number[] = [];
    for (let cursor: string | undefined; times.length < pages;) {
      const { next, tookMs } = await this.page(
        cursor === undefined ? path : `${path}&cursor=${encodeURIComponent(cursor)}`,
      );
      times.push(tookMs);
      if (next === undefined) break;
      cursor = next;
    }
    return times;
  }

  private async page(path: string): Promise<Page & { readonly tookMs: number }> {
    const started = performance.now();
    const answer = await fetch(`${this.origin}/admin/v1/${path}`, { headers: this.headers });
    const body = (await answer.json()) as Page;
    const tookMs = performance.now() - started;
    if (answer.status !== 200) throw new Error(`${path} was answered by ${answer.status}`);
    if (body.items.length === 0) throw new Error(`${path} has found nothing`);
    return { ...body, tookMs };
  }
}
