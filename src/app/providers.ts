import type { FactoryProvider } from '@nestjs/common';

/** The injection token of a value: a class, which may be abstract. */
type Token<Value> = abstract new (...args: never[]) => Value;

type TokensOf<Values extends readonly unknown[]> = {
  readonly [Index in keyof Values]: Token<Values[Index]>;
};

type ValuesOf<Tokens extends readonly Token<unknown>[]> = {
  -readonly [Index in keyof Tokens]: Tokens[Index] extends Token<infer Value> ? Value : never;
};

/**
 * Provides an instance of a class that has no decorators. Each dependency is named once, and the compiler
 * compares it with the constructor's parameter.
 */
export function construct<Dependencies extends readonly unknown[], Value>(
  type: new (...dependencies: Dependencies) => Value,
  ...dependencies: TokensOf<Dependencies>
): FactoryProvider<Value> {
  return {
    provide: type,
    inject: [...dependencies],
    useFactory: (...values: unknown[]) => new type(...(values as unknown as Dependencies)),
  };
}

/** Provides the value that a function builds from its dependencies; the injection token is a class. */
export function provide<Value, const Tokens extends readonly Token<unknown>[]>(
  token: Token<Value>,
  dependencies: Tokens,
  build: (...values: ValuesOf<Tokens>) => Value | Promise<Value>,
): FactoryProvider<Value> {
  return {
    provide: token,
    inject: [...dependencies],
    useFactory: (...values: unknown[]) => build(...(values as unknown as ValuesOf<Tokens>)),
  };
}
