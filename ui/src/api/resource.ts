import { useCallback, useEffect, useState } from 'preact/hooks';
import { useSession } from '../session/session.js';
import { ApiProblem } from './problem.js';

/** How often what is shown is renewed, in milliseconds. */
const renewalMs = 10_000;

/** What a path answers, as far as it is known. */
export interface Resource<Body> {
  /** The last answer; it stays while a renewal fails, and while a changed path is asked. */
  readonly body?: Body;
  /** The version of the body, for `If-Match`; undefined where the answer has none. */
  readonly etag?: string;
  /** When it came, in milliseconds since 1970. */
  readonly at?: number;
  /** Why the last request failed; undefined when it did not. */
  readonly problem?: ApiProblem;
  /** Whether the body is that of another path, whose successor is being asked. */
  readonly outdated: boolean;
  /** Asks again, now. */
  readonly reload: () => void;
}

interface Known<Body> {
  readonly path?: string;
  readonly body?: Body;
  readonly etag?: string;
  readonly at?: number;
  readonly problem?: ApiProblem;
}

/**
 * Asks a path, and again every 10 s while the page is visible.
 * @param path with its query; undefined asks nothing
 * @param renewed whether it is asked again
 */
export function useResource<Body>(path: string | undefined, renewed = true): Resource<Body> {
  const { api } = useSession();
  const [known, setKnown] = useState<Known<Body>>({});
  const [turn, setTurn] = useState(0);
  const reload = useCallback(() => setTurn((last) => last + 1), []);
  useEffect(() => {
    if (path === undefined) {
      setKnown({});
      return undefined;
    }
    const ask = async (signal: AbortSignal) => {
      try {
        const { body, etag } = await api.get<Body>(path, signal);
        setKnown({ path, body, etag, at: Date.now() });
      } catch (error) {
        if (signal.aborted) return;
        if (!(error instanceof ApiProblem)) throw error;
        setKnown((last) => ({ ...(last.path === path ? last : {}), path, problem: error }));
      }
    };
    return renewed ? whileVisible(ask) : once(ask);
  }, [api, path, renewed, turn]);
  const { body, etag, at, problem } = known;
  return { body, etag, at, problem, outdated: known.path !== path, reload };
}

/** @returns what ends it */
function once(ask: (signal: AbortSignal) => Promise<void>): () => void {
  const end = new AbortController();
  void ask(end.signal);
  return () => end.abort();
}

/**
 * Asks at once, and again after each answer, but not while nobody looks.
 * @returns what ends it
 */
function whileVisible(ask: (signal: AbortSignal) => Promise<void>): () => void {
  const end = new AbortController();
  let timer: number | undefined;
  let underWay = false;
  const turn = async () => {
    window.clearTimeout(timer);
    if (underWay) return;
    underWay = true;
    await ask(end.signal).finally(() => (underWay = false));
    if (!end.signal.aborted && !document.hidden) timer = window.setTimeout(() => void turn(), renewalMs);
  };
  const onVisibility = () => {
    if (document.hidden) window.clearTimeout(timer);
    else void turn();
  };
  document.addEventListener('visibilitychange', onVisibility);
  void turn();
  return () => {
    end.abort();
    window.clearTimeout(timer);
    document.removeEventListener('visibilitychange', onVisibility);
  };
}
