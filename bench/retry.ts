import { progress } from './progress.js';

const attempts = 3;

/** Does what can go wrong where the machine stands still for a moment: again, should it fail. */
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
