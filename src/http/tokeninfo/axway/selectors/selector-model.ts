/** What a selector meets on its way: a text, a node to go on from, or nothing. */
export type SelectorValue = string | SelectorNode | undefined;

/**
 * A node of the closed model that selectors walk. It answers by its own table of names: a name in a selector is
 * never used to read a property of a JavaScript value.
 */
export interface SelectorNode {
  /** `node.name` and `node['name']`. */
  member(name: string): SelectorValue;
  /** What the node says for itself, where it can stand at a selector's end. */
  text?(): string;
  /** `node.method('a', 1)`, where a number comes as a text. */
  call(method: string, args: readonly string[]): SelectorValue;
}

type Read<Subject> = (subject: Subject) => SelectorValue;

/** The names that a kind of node has. What is not written here does not exist. */
interface Names<Subject> {
  readonly members?: Readonly<Record<string, Read<Subject>>>;
  /** Methods without arguments. */
  readonly methods?: Readonly<Record<string, Read<Subject>>>;
  /** Methods with one argument. */
  readonly lookups?: Readonly<Record<string, (subject: Subject, argument: string) => SelectorValue>>;
}

/** A kind of node: one table of names for all its subjects, so that a node costs nothing until it is asked. */
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

/** A map as Java has it: `{k=v, k2=null}` by itself, and a value by `.get("k")`. */
export function javaMap(pairs: readonly (readonly [name: string, value: string])[]): SelectorNode {
  const get = (name: string) => pairs.find(([known]) => known === name)?.[1];
  return {
    member: get,
    call: (method, args) => (method === 'get' && args.length === 1 ? get(args[0]) : undefined),
    text: () => `{${pairs.map(([name, value]) => `${name}=${value}`).join(', ')}}`,
  };
}

/** A node with whatever members `find` finds by name, and no methods. */
export function dictionary(find: (name: string) => SelectorValue): SelectorNode {
  return { member: find, call: () => undefined };
}
