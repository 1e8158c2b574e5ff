import { useLocation } from 'preact-iso/router';
import { withQuery } from '../api/client.js';

type Query = Readonly<Record<string, string | undefined>>;

/** What the URL says: the page, its filters, and the realm that is looked at. */
export interface View {
  readonly path: string;
  readonly query: Query;
  /** Path of the chosen realm; undefined for all that the caller may see. */
  readonly realm?: string;
  /** The URL of a page, for the same realm unless the query names one. */
  readonly link: (path: string, query?: Query) => string;
  /** Changes parameters of this page, without a new entry in the history. */
  readonly show: (changes: Query) => void;
  /** Goes to a URL. */
  readonly open: (url: string) => void;
}

export function useView(): View {
  const { path, query, route } = useLocation();
  const { realm } = query;
  const link = (to: string, more: Query = {}) => withQuery(to, { realm, ...more });
  return {
    path,
    query,
    realm,
    link,
    show: (changes) => route(withQuery(path, { ...query, ...changes }), true),
    open: (url) => route(url),
  };
}
