import type { FormParameters } from '../../../request/parameters.js';
import type { RequestView } from '../../../request/request-view.js';
import { compileSelector, SelectorError } from './selector.js';
import { cgiArgument } from './selector-http.js';
import { requestScope, type SelectorEnvironment } from './selector-scope.js';

/** The product's *in query string/form body*, by the parameter's name, or its *in a selector*. */
export type TokenSourceSetting = { readonly parameter: string } | { readonly selector: string };

/** Finds the token that a request presents. */
export interface TokenSource {
  /** Whether it reads headers alone. */
  readonly inHeader: boolean;
  /**
   * The token; undefined when there is none, or an empty one. For a POST, parameters are read from the form alone.
   * @throws OAuthError `invalid_request` when it is repeated or unreadable
   */
  find(view: RequestView, form: FormParameters | undefined): string | undefined;
}

/**
 * Axway's *where to get access token from*.
 * @param env what `${env.NAME}` may read
 * @throws SelectorError for a selector that does not compile, or would find the same token in every request
 */
export function tokenSource(setting: TokenSourceSetting, env: SelectorEnvironment = new Map()): TokenSource {
  if ('parameter' in setting) {
    return { inHeader: false, find: (view, form) => cgiArgument({ view, form }, setting.parameter) };
  }
  const selector = compileSelector(setting.selector);
  if (!selector.reads('http')) throw new SelectorError('it reads nothing of the request: no ${http.…}');
  return {
    inHeader: selector.readsOnly('http', 'headers'),
    find(view, form) {
      const { text, resolved } = selector.evaluate(requestScope({ view, form }, env));
      return resolved && text !== '' ? text : undefined;
    },
  };
}
