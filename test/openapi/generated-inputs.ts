import type { Random } from '../support/random.js';

type Value = string | number | boolean;

/** A JSON Schema, as far as inputs are made of it. */
interface InputSchema {
  readonly $ref?: string;
  readonly const?: Value;
  readonly enum?: readonly Value[];
  readonly default?: Value;
  readonly properties?: Readonly<Record<string, InputSchema>>;
  readonly oneOf?: readonly InputSchema[];
}

/** Values that checks like to get wrong. */
const texts = [
  ...['', ' ', 'a', 'alpha', 'admin', 'demo', 'service', 'service,method', 'method,method', 'realm,', '10m'],
  ...[
    '/',
    '/alpha',
    '/alpha/beta',
    '/alpha/',
    '//',
    'alpha/beta',
    '/root',
    '/RooT/a',
    '/..',
    '/.a',
    '/token',
    '/a b',
  ],
  ...['0', '1', '50', '200', '201', '-1', '1.0', '1e2', '007', ' 1', '9'.repeat(30)],
  ...['x'.repeat(400), 'x'.repeat(401), 'x'.repeat(1024), 'x'.repeat(1025), `/${'x'.repeat(101)}`],
  ...['A'.repeat(42), 'A'.repeat(43), 'A'.repeat(44), `${'A'.repeat(42)}=`, `${'A'.repeat(42)}\n`],
  ...['\0', 'a\0b', 'ü', '😀', '"', '\\', "' OR 1=1", '${x}', '__proto__', '[]', 'a&b=c', '%00', '%'],
];

/** What no form and no query can hold, but JSON can. */
const others = [null, true, 0, 1, -1, 1.5, [], ['a'], {}, { a: 1 }, '\ud800', '\udc00x'];

/** Makes inputs from a schema, and some that it does not allow. */
export class InputMaker {
  /** @param resolve follows a reference */
  constructor(
    private readonly random: Random,
    private readonly resolve: (reference: string) => InputSchema,
  ) {}

  /**
   * An object with some of a schema's members, and now and then with another one.
   * @param json whether values may be others than texts
   */
  members(schema: InputSchema, json: boolean): Record<string, unknown> {
    const { random } = this;
    const members: Record<string, unknown> = {};
    for (const [name, part] of this.parts(schema)) {
      if (random.percent(45)) members[name] = this.value(part, json);
    }
    if (random.percent(10)) members[random.pick(['unknown', 'Realm', 'constructor', 'id ', 'limit[]'])] = 'a';
    return members;
  }

  /** The members of an object, or of one of several forms of it. */
  private parts(schema: InputSchema): [name: string, part: InputSchema][] {
    const { $ref, oneOf = [], properties = {} } = schema;
    if ($ref !== undefined) return this.parts(this.resolve($ref));
    const forms = oneOf.length > 0 ? this.parts(this.random.pick(oneOf)) : [];
    return [...Object.entries(properties), ...forms];
  }

  private value({ const: only, enum: values = [], default: fallback }: InputSchema, json: boolean): unknown {
    const { random } = this;
    const good = [only, ...values, fallback].filter((value) => value !== undefined);
    if (good.length > 0 && random.percent(70)) return json ? random.pick(good) : String(random.pick(good));
    return json && random.percent(15) ? random.pick(others) : random.pick(texts);
  }
}
