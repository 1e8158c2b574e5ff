/** The result of a selector's step: a text, a node for the next step, or undefined for nothing. */
export type SelectorValue = string | SelectorNode | undefined;

/**
 * A node of the closed model that selectors walk. It has its own table of names: a name in a selector is
 * never used to read a property of a JavaScript value.
 */
export interface SelectorNode {
  /** `node.name` and `node['name']`. */
  member(name: string): SelectorValue;
  /** The node's own text, if a selector may end at it. */
  text?(): string;
  /** `node.method('a', 1)`; a number is passed as a text. */
  call(method: string, args: readonly string[]): SelectorValue;
}

type Read<Subject> = (subject: Subject) => SelectorValue;

/** The names that a kind of node has. No other name exists. */
interface Names<Subject> {
  readonly members?: Readonly<Record<string, Read<Subject>>>;
  /** Methods without arguments. */
  readonly methods?: Readonly<Record<string, Read<Subject>>>;
  /** Methods with one argument. */
  readonly lookups?: Readonly<Record<string, (subject: Subject, argument: string) => SelectorValue>>;
}

/**
 * A kind of node: one table of names for all its subjects. A node's members are computed only when they are
 * read.
 */
export class Kind<Subject> {
  private readonly members: ReadonlyMap<string, Read<Subject>>;
  private readonly methods: ReadonlyMap<string, Read<Subject>>;
  private readonly lookups: ReadonlyMap<string, (subject: Subject, argument: string) => SelectorValue>;

  constructor({ members = {}, methods = {}, lookups = {} }: Names<Subject>) {
    this.members = new Map(Object.entries(members));
    this.methods = new Map(Object.entries(methods));
    this.lookups = new Map(Object.entries(lookups));
  }

  /** The node of this kind for a subject. */
  of(subject: Subject): SelectorNode {
    return {
      member: (name) => this.members.get(name)?.(subject),
      call: (method, args) => {
        if (args.length === 0) return this.methods.get(method)?.(subject);
        return args.length === 1 ? this.lookups.get(method)?.(subject, args[0]) : undefined;
      },
    };
  }
}

/** A map in Java's form: its text is `{k=v, k2=null}`, and `.get("k")` gives one value. */
export function javaMap(pairs: readonly (readonly [name: string, value: string])[]): SelectorNode {
  const get = (name: string) => pairs.find(([known]) => known === name)?.[1];
  return {
    member: get,
    call: (method, args) => (method === 'get' && args.length === 1 ? get(args[0]) : undefined),
    text: () => `{${pairs.map(([name, value]) => `${name}=${value}`).join(', ')}}`,
  };
}

/** A node without methods, whose members are looked up by `find`. */
export function dictionary(find: (name: string) => SelectorValue): SelectorNode {
  return { member: find, call: () => undefined };
}
