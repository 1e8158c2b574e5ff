/**
 * An address without its zone, in lower case. An IPv4 address that is mapped into IPv6 (RFC 4291 §2.5.5.2) is itself again.
 * @param address a valid IPv4 or IPv6 address
 */
export function plainAddress(address: string): string {
  const [plain] = address.toLowerCase().split('%');
  if (!plain.includes(':')) return plain;
  const groups = groupsOf(plain);
  const isMapped = groups[5] === 0xffff && groups.slice(0, 5).every((group) => group === 0);
  return isMapped ? bytesOf(groups.slice(6)).join('.') : plain;
}

/**
 * The network whose attempts are counted together: an IPv4 address, or the /64 of an IPv6 address, of which every
 * subscriber has one at least (RFC 6177).
 * @param address a valid IPv4 or IPv6 address
 */
export function networkOf(address: string): string {
  const plain = plainAddress(address);
  if (!plain.includes(':')) return plain;
  const network = groupsOf(plain).slice(0, 4);
  return `${network.map((group) => group.toString(16)).join(':')}::/64`;
}

/** The eight groups of an IPv6 address (RFC 4291 §2.2). */
function groupsOf(address: string): number[] {
  const [head, tail] = withoutDots(address).split('::');
  const [left, right] = [head, tail ?? ''].map((text) => (text === '' ? [] : text.split(':')));
  const zeros = Array<string>(8 - left.length - right.length).fill('0');
  return [...left, ...zeros, ...right].map((group) => parseInt(group, 16));
}

/** The last two groups may be written as an IPv4 address. */
function withoutDots(address: string): string {
  return address.replace(/\d+\.\d+\.\d+\.\d+$/, (dotted) => {
    const [a, b, c, d] = dotted.split('.').map(Number);
    return `${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`;
  });
}

function bytesOf(groups: readonly number[]): number[] {
  return groups.flatMap((group) => [group >> 8, group & 0xff]);
}
