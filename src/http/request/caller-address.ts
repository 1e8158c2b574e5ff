import type { IncomingMessage } from 'node:http';
import { type BlockList, isIPv4 } from 'node:net';
import { plainAddress } from '../../domain/network-address.js';
import { forwardedHops, type Hop, xForwardedForHops } from './forwarded.js';
import { headerValues } from './request-view.js';

/** The one place that knows where requests come from. */
export class CallerAddresses {
  private told = false;

  /**
   * @param trusted the proxies whose reports are believed
   * @param tell is called once, for the first report that is not believed
   */
  constructor(
    private readonly trusted: BlockList,
    private readonly tell: () => void,
  ) {}

  /**
   * The address of the caller: the one that connects to us, or that to the farthest trusted proxy, by `Forwarded` or
   * `X-Forwarded-For`. Where both are there and disagree, nobody knows which of them a proxy has written, so the nearest proxy
   * counts. Undefined where the connection has no address.
   */
  of(request: Pick<IncomingMessage, 'socket' | 'rawHeaders'>): string | undefined {
    const { remoteAddress } = request.socket;
    if (remoteAddress === undefined) return undefined;
    const nearest = plainAddress(remoteAddress);
    const forwarded = headerValues(request, 'forwarded');
    const xForwardedFor = headerValues(request, 'x-forwarded-for');
    // Whether it is trusted costs more than the rest, and decides nothing then.
    if (forwarded.length + xForwardedFor.length === 0) return nearest;
    if (!this.isTrusted(nearest)) {
      this.tellOnce();
      return nearest;
    }
    const reports = [forwardedHops(forwarded), xForwardedForHops(xForwardedFor)];
    const [first = nearest, second = first] = reports
      .filter((hops) => hops.length > 0)
      .map((hops) => this.farthest(nearest, hops));
    return first === second ? first : nearest;
  }

  private tellOnce(): void {
    if (this.told) return;
    this.told = true;
    this.tell();
  }

  /** Follows the reports from the nearest to the farthest proxy, as far as who reports is trusted and can be read. */
  private farthest(nearest: string, hops: readonly Hop[]): string {
    let address = nearest;
    for (let at = hops.length - 1; at >= 0; at -= 1) {
      const hop = hops[at];
      if (hop === undefined || !this.isTrusted(address)) break;
      address = hop;
    }
    return address;
  }

  private isTrusted(address: string): boolean {
    return this.trusted.check(address, isIPv4(address) ? 'ipv4' : 'ipv6');
  }
}
