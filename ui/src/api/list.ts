import { useEffect, useState } from 'preact/hooks';
import { useSession } from '../session/session.js';
import type { ListPage } from './answers.js';
import { withQuery } from './client.js';
import { ApiProblem } from './problem.js';
import { type Resource, useResource } from './resource.js';

/** A list that is read page by page. */
export interface List<Item> {
  /** The first page, which is renewed until more is shown: a renewed page would not join the next one. */
  readonly first: Resource<ListPage<Item>>;
  readonly items: readonly Item[];
  /** Whether there is more. */
  readonly hasMore: boolean;
  /** Whether more is being read. */
  readonly reading: boolean;
  /** Why more could not be read. */
  readonly problem?: ApiProblem;
  readonly readMore: () => void;
  /** Shows the first page again, renewed. */
  readonly restart: () => void;
}

type Parameters = Readonly<Record<string, string | undefined>>;

/** What stands behind the first page. */
interface Rest<Item> {
  readonly items: readonly Item[];
  readonly next?: string;
  readonly pages: number;
}

/** Reads a list (docs/admin-api.md, Lists). */
export function useList<Item>(path: string, parameters: Parameters): List<Item> {
  const { api } = useSession();
  const address = withQuery(path, parameters);
  const [rest, setRest] = useState<Rest<Item>>({ items: [], pages: 0 });
  const [reading, setReading] = useState(false);
  const [problem, setProblem] = useState<ApiProblem>();
  const first = useResource<ListPage<Item>>(address, rest.pages === 0);
  const restart = () => {
    setRest({ items: [], pages: 0 });
    setProblem(undefined);
  };
  useEffect(restart, [address]);
  const next = rest.pages > 0 ? rest.next : first.body?.next;
  const readMore = async (cursor: string) => {
    setReading(true);
    try {
      const { body } = await api.get<ListPage<Item>>(withQuery(path, { ...parameters, cursor }));
      setRest({ items: [...rest.items, ...body.items], next: body.next, pages: rest.pages + 1 });
      setProblem(undefined);
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      setProblem(error);
    } finally {
      setReading(false);
    }
  };
  return {
    first,
    items: [...(first.body?.items ?? []), ...rest.items],
    hasMore: next !== undefined,
    reading,
    problem,
    readMore: () => {
      if (next !== undefined && !reading) void readMore(next);
    },
    restart,
  };
}
