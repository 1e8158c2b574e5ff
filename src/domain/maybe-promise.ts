/**
 * What is at hand now, or comes later. Who answers from memory answers at once: the promises that one token's way
 * through the server would take cost as much as all that is looked up for it.
 */
export type MaybePromise<Value> = Value | Promise<Value>;

/** Goes on with a value, at once where it is at hand. */
export function chain<Value, Next>(
  value: MaybePromise<Value>,
  next: (value: Value) => MaybePromise<Next>,
): MaybePromise<Next> {
  return value instanceof Promise ? value.then(next) : next(value);
}
