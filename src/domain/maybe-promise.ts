/**
 * A value, or the promise of one. A lookup that is answered from memory returns its value directly, because
 * the promises of one request would cost as much as all of its lookups.
 *
 * Such a value must not be tested for truth: a promise is always true. The linter refuses it.
 */
export type MaybePromise<Value> = Value | Promise<Value>;

/** Calls `next` with a value: at once if it is there already, otherwise when its promise resolves. */
export function chain<Value, Next>(
  value: MaybePromise<Value>,
  next: (value: Value) => MaybePromise<Next>,
): MaybePromise<Next> {
  return value instanceof Promise ? value.then(next) : next(value);
}
