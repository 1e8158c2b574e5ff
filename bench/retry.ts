import { progress } from './progress.js';

const attempts = 3;

/** Does some work, `attempts` times at most until it succeeds: it may fail because the machine pauses. */
export async function retry<Result>(work: () => Promise<Result>): Promise<Result> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (attempt === attempts) throw error;
      progress(`once more: ${(error as Error).message}`);
    }
  }
}
