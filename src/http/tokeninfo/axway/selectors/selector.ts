import jsep from 'jsep';
import type { SelectorNode, SelectorValue } from './selector-model.js';

/** The result of evaluating a text with selectors. */
export interface Evaluation {
  /** The text with each `${…}` replaced by its value, or by nothing where it has none. */
  readonly text: string;
  /** Whether every `${…}` had a value. */
  readonly resolved: boolean;
}

/**
 * A text that does not compile; the one-line message quotes at most a character, operator or bare literal.
 */
export class SelectorError extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = 'SelectorError';
  }
}

/** One step from a node to the next value: a method call where there are `args`, else a member. */
interface Step {
  readonly name: string;
  readonly args?: readonly string[];
}

type Path = readonly Step[];

/** A compiled text with Axway's selectors in it, such as `user ${authentication.subject.id}`. */
export class Selector {
  constructor(private readonly parts: readonly (string | Path)[]) {}

  /** @param scope the node that has the first name of each `${…}` as a member */
  evaluate(scope: SelectorNode): Evaluation {
    let text = '';
    let resolved = true;
    for (const part of this.parts) {
      const value = typeof part === 'string' ? part : follow(part, scope);
      if (value === undefined) resolved = false;
      else text += value;
    }
    return { text, resolved };
  }

  /** Whether one of its `${…}` begins with this name. */
  reads(name: string): boolean {
    return this.parts.some((part) => typeof part !== 'string' && part[0].name === name);
  }

  /** Whether each of its `${…}` begins with these two names. */
  readsOnly(first: string, second: string): boolean {
    return this.parts.every(
      (part) => typeof part === 'string' || (part[0].name === first && part[1]?.name === second),
    );
  }
}

function follow(path: Path, scope: SelectorNode): string | undefined {
  let value: SelectorValue = scope;
  for (const { name, args } of path) {
    if (typeof value !== 'object') return undefined;
    value = args ? value.call(name, args) : value.member(name);
  }
  return typeof value === 'object' ? value.text?.() : value;
}

const maxTextLength = 4096;
/** The parser is recursive: this limit keeps it from overflowing the stack. */
const maxExpressionLength = 256;

/** Splits a text into the parts outside and inside of `${…}`, in turn; a `}` in quotes does not close one. */
const selectors = /\$\{((?:[^'"}]|'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")*)\}/s;

/**
 * Compiles a text with any number of `${…}`. Each holds a name, followed by `.name`, `['name']` and
 * `.method('text')` with either kind of quotes, and nothing else. Whether the names exist is checked only
 * when it is evaluated.
 * @param text at most 4096 characters, 256 within one `${…}`
 * @throws SelectorError
 */
export function compileSelector(text: string): Selector {
  if (text.length > maxTextLength) throw new SelectorError(`it is longer than ${maxTextLength} characters`);
  const parts = text.split(selectors).map((part, index) => {
    if (index % 2 === 1) return compilePath(part);
    if (part.includes('${')) throw new SelectorError('a ${ or a quote behind it is not closed');
    return part;
  });
  return new Selector(parts.filter((part) => part !== ''));
}

type Expression = jsep.CoreExpression;

/** Reads the tree from its outermost node, the last step, to the name that the selector begins with. */
function compilePath(source: string): Path {
  const steps: Step[] = [];
  let written = '';
  let node = parse(source);
  while (node.type !== 'Identifier') {
    const access = accessOf(node);
    const member = memberOf(access);
    const args = node.type === 'CallExpression' ? node.arguments.map(literal) : undefined;
    steps.unshift({ name: member.text, args: args?.map(({ text }) => text) });
    written = member.written + (args ? `(${args.map((arg) => arg.written).join(',')})` : '') + written;
    node = access.object as Expression;
  }
  // Parentheses, a stray `;`, a missing comma, `?.`: the tree does not show them, but the text does.
  if (node.name + written !== withoutSpace(source)) {
    throw new SelectorError("only names, .name, ['name'] and .method('text') are allowed");
  }
  return [{ name: node.name }, ...steps];
}

/** The member access of a step, whether the member is called or not. */
function accessOf(node: Expression): jsep.MemberExpression {
  const called = node.type === 'CallExpression';
  const access = (called ? node.callee : node) as Expression;
  if (access.type === 'MemberExpression') return access;
  throw new SelectorError(
    called ? 'only a method of something can be called' : `${wordFor(access)} is not allowed`,
  );
}

function parse(source: string): Expression {
  if (source.trim() === '') throw new SelectorError('a ${} is empty');
  if (source.length > maxExpressionLength) {
    throw new SelectorError(`a \${…} is longer than ${maxExpressionLength} characters`);
  }
  if (/[\x00-\x1F\x7F]/.test(source)) throw new SelectorError('a ${…} holds a control character');
  try {
    return jsep(source) as Expression;
  } catch (error) {
    const { description, index } = error as Error & { description: string; index: number };
    if (index >= source.length) throw new SelectorError('a ${…} ends too early');
    // Some of the parser's messages end with a longer quote of the text, in parentheses.
    const reason = description.replace(/ \(.+\)$/, '');
    throw new SelectorError(
      `${reason.charAt(0).toLowerCase()}${reason.slice(1)} at character ${index + 1} of a \${…}`,
    );
  }
}

/** A part of a selector: its value, and how it is written in the source. */
interface Written {
  readonly text: string;
  readonly written: string;
}

function memberOf({ computed, property }: jsep.MemberExpression): Written {
  if (!computed) {
    const { name } = property as jsep.Identifier;
    return { text: name, written: `.${name}` };
  }
  const { text, written } = literal(property);
  return { text, written: `[${written}]` };
}

function literal(expression: jsep.Expression): Written {
  const node = expression as Expression;
  if (node.type !== 'Literal' || (typeof node.value !== 'string' && typeof node.value !== 'number')) {
    throw new SelectorError(`${wordFor(node)} is not allowed where a quoted text or a number belongs`);
  }
  return { text: String(node.value), written: node.raw };
}

function withoutSpace(source: string): string {
  return source.replace(/('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")|\s+/g, '$1');
}

function wordFor(node: Expression): string {
  switch (node.type) {
    case 'UnaryExpression':
    case 'BinaryExpression':
      return `the operator ${node.operator}`;
    case 'Compound':
    case 'SequenceExpression':
      return 'more than one expression';
    case 'ThisExpression':
      return 'this';
    case 'ArrayExpression':
      return 'an array';
    case 'ConditionalExpression':
      return 'a conditional';
    case 'Literal':
      return typeof node.value === 'string' ? 'a text' : node.raw;
    case 'Identifier':
      return 'a name';
    case 'MemberExpression':
    case 'CallExpression':
      return 'another selector';
  }
}
