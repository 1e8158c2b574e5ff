/** A number that is counted up. */
export interface Cell {
  value: number;
}

export function newCell(): Cell {
  return { value: 0 };
}

/**
 * Values by three keys. A value is found without building a key of the three, which would cost the hot path more than
 * everything else that is counted.
 */
export class Series<First, Second, Third, Value> {
  private readonly values = new Map<First, Map<Second, Map<Third, Value>>>();

  constructor(private readonly create: () => Value) {}

  /** The value of these keys; a new one where there is none yet. */
  at(first: First, second: Second, third: Third): Value {
    return this.values.get(first)?.get(second)?.get(third) ?? this.add(first, second, third);
  }

  *[Symbol.iterator](): Iterator<readonly [First, Second, Third, Value]> {
    for (const [first, seconds] of this.values) {
      for (const [second, thirds] of seconds) {
        for (const [third, value] of thirds) yield [first, second, third, value];
      }
    }
  }

  private add(first: First, second: Second, third: Third): Value {
    const seconds = this.values.get(first) ?? new Map<Second, Map<Third, Value>>();
    const thirds = seconds.get(second) ?? new Map<Third, Value>();
    const value = this.create();
    this.values.set(first, seconds);
    seconds.set(second, thirds);
    thirds.set(third, value);
    return value;
  }
}
