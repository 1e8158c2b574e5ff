import { headerValues, type RequestView } from './request-view.js';

/** A token and a quoted string (RFC 9110 §5.6.2, §5.6.4). */
const token = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
const quoted = String.raw`"(?:[\t\x20\x21\x23-\x5B\x5D-\x7E\x80-\xFF]|\\[\t\x20-\x7E\x80-\xFF])*"`;

/** A media type with any parameters (RFC 9110 §8.3.1, §5.6.6); a semicolon may have none behind it. */
const mediaType = new RegExp(
  `^(${token}/${token})(?:[\\t ]*;(?:[\\t ]*${token}=(?:${token}|${quoted}))?)*[\\t ]*$`,
);

/**
 * The media type that a request declares for its body: in lower case, and without its parameters.
 * @returns undefined without a `Content-Type`; null for one of another form, or more than one
 */
export function mediaTypeOf(request: Pick<RequestView, 'rawHeaders'>): string | undefined | null {
  const [value, second] = headerValues(request, 'content-type');
  if (value === undefined) return undefined;
  const type = second === undefined ? mediaType.exec(value)?.[1] : undefined;
  return type?.toLowerCase() ?? null;
}
