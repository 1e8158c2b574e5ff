import { isIP, isIPv4, isIPv6 } from 'node:net';
import { plainAddress } from '../../domain/network-address.js';

/** An address that a proxy reports; undefined for one that it hides or that cannot be read. */
export type Hop = string | undefined;

/** A text in which every quoted part is closed. */
const closedQuotes = /^(?:[^"]|"(?:[^"\\]|\\.)*")*$/;
const element = /(?:[^",]|"(?:[^"\\]|\\.)*")+/g;
const pair = /(?:[^";]|"(?:[^"\\]|\\.)*")+/g;

/**
 * The addresses in the lines of `Forwarded` (RFC 7239 §4), in the order of the proxies. A line that cannot be read is
 * one hop, which cannot be read.
 */
export function forwardedHops(lines: readonly string[]): Hop[] {
  return lines.flatMap((line) => {
    if (!closedQuotes.test(line)) return [undefined];
    const elements: readonly string[] = line.match(element) ?? [];
    return elements.length === 0 ? [undefined] : elements.map(forwardedHop);
  });
}

/** The node identifier of one element's `for` (RFC 7239 §5.2, §6). */
function forwardedHop(text: string): Hop {
  const pairs: readonly string[] = text.match(pair) ?? [];
  const nodes = pairs.flatMap((each) => {
    // Trimmed first: an expression that skips blanks at the end takes quadratic time where many stand elsewhere.
    const [, value] = /^for=(.*)$/i.exec(each.trim()) ?? [];
    return value === undefined ? [] : [unquoted(value)];
  });
  return nodes.length === 1 ? hopOf(nodes[0]) : undefined;
}

function unquoted(value: string): string {
  const [, quoted] = /^"(.*)"$/.exec(value) ?? [];
  return quoted === undefined ? value : quoted.replace(/\\(.)/g, '$1');
}

/** The addresses in the lines of `X-Forwarded-For`, in the order of the proxies. */
export function xForwardedForHops(lines: readonly string[]): Hop[] {
  return lines.flatMap((line) => line.split(',').map((text) => hopOf(text.trim())));
}

const bracketed = /^\[([^\]]+)\](?::\d{1,5})?$/;
const withPort = /^([\d.]+):\d{1,5}$/;

/** An address as proxies write it, perhaps with a port. */
function hopOf(text: string): Hop {
  const [, inBrackets] = bracketed.exec(text) ?? [];
  if (inBrackets !== undefined) return isIPv6(inBrackets) ? plainAddress(inBrackets) : undefined;
  const [, beforePort] = withPort.exec(text) ?? [];
  if (beforePort !== undefined) return isIPv4(beforePort) ? beforePort : undefined;
  return isIP(text) ? plainAddress(text) : undefined;
}
