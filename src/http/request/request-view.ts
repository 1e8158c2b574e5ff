import type { IncomingMessage } from 'node:http';
import { malformed } from '../../domain/oauth-error.js';
import { FormParameters } from './parameters.js';

/** A request as plain data: parsers and presenters see nothing else of it. */
export interface RequestView {
  readonly method: string;
  /** The path of the request's URL, without the query. */
  readonly path: string;
  readonly query: FormParameters;
  /**
   * Names and values alternate, as received: Node's `headers` silently keeps only one of two `Authorization`
   * lines.
   */
  readonly rawHeaders: readonly string[];
}

/** The view of a request. */
export function viewOf(request: IncomingMessage): RequestView {
  return new ViewOfRequest(request);
}

/** Reads the query when it is asked for: most requests have none. */
class ViewOfRequest implements RequestView {
  readonly method: string;
  readonly rawHeaders: readonly string[];
  private readonly url: string;
  private readonly mark: number;
  private parameters?: FormParameters;

  constructor({ method = 'GET', rawHeaders, url = '/' }: IncomingMessage) {
    this.method = method;
    this.rawHeaders = rawHeaders;
    this.url = url;
    this.mark = url.indexOf('?');
  }

  get path(): string {
    return this.mark < 0 ? this.url : this.url.slice(0, this.mark);
  }

  get query(): FormParameters {
    return (this.parameters ??= new FormParameters(this.mark < 0 ? '' : this.url.slice(this.mark + 1)));
  }
}

/** All values of a header, in the order they came. */
export function headerValues(view: Pick<RequestView, 'rawHeaders'>, name: string): string[] {
  const wanted = name.toLowerCase();
  const values: string[] = [];
  for (let at = 0; at < view.rawHeaders.length; at += 2) {
    const found = view.rawHeaders[at];
    if (found.length === wanted.length && found.toLowerCase() === wanted)
      values.push(view.rawHeaders[at + 1]);
  }
  return values;
}

/**
 * The request's one `Authorization` header, or undefined.
 * @throws OAuthError `invalid_request` when there are two
 */
export function authorizationHeader(view: Pick<RequestView, 'rawHeaders'>): string | undefined {
  const [value, second] = headerValues(view, 'authorization');
  if (second !== undefined) throw malformed('two Authorization headers');
  return value;
}
