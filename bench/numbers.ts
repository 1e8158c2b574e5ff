/** The first `count` integers: 0, 1, 2 … */
export function range(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}

/** The smallest of the values such that at least this share of them, 0 to 1, is not greater. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
}

/** The middle value; the lower one if there are two. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}
