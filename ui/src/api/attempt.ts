import { useState } from 'preact/hooks';
import { ApiProblem } from './problem.js';

/** A change that is tried, and why it was refused. */
export interface Attempt {
  readonly busy: boolean;
  readonly problem?: ApiProblem;
  /**
   * Tries it; nothing while another try is under way.
   * @returns the status of a refusal; undefined where there was none
   */
  readonly attempt: (work: () => Promise<void>) => Promise<number | undefined>;
  /** Forgets the last refusal. */
  readonly forget: () => void;
}

/** Tries what a reader asks for, and keeps the server's refusal. */
export function useAttempt(): Attempt {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<ApiProblem>();
  return {
    busy,
    problem,
    async attempt(work) {
      if (busy) return undefined;
      setBusy(true);
      setProblem(undefined);
      try {
        await work();
        return undefined;
      } catch (error) {
        if (!(error instanceof ApiProblem)) throw error;
        setProblem(error);
        return error.status;
      } finally {
        setBusy(false);
      }
    },
    forget: () => setProblem(undefined),
  };
}
