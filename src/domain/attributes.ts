/** Profile attributes of a client or a resource owner: names as given, each with its values in order. */
export type Attributes = ReadonlyMap<string, readonly string[]>;

/** Names and values in their order. */
export type Pairs = readonly (readonly [name: string, value: string])[];
