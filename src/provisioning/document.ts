import { type Alias, type Document, type Node, type Pair, Scalar, type YAMLMap } from 'yaml';
import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument, visit } from 'yaml';
import { isEntryKey, isTypedKey } from './entries.js';
import { childKey, type FileProblems } from './problems.js';
import { isReference, readCoreScalar, type Replacements, substitute } from './substitution.js';

/** Core schema alone, whatever a `%YAML` directive says: `yes` is text, keys are text. Merge keys are followed below. */
const yamlOptions = {
  schema: 'core',
  merge: false,
  resolveKnownTags: false,
  stringKeys: true,
  uniqueKeys: false, // reported below, where the key is known
  prettyErrors: false, // they quote the file, and so its secrets
} as const;

/** How many values aliases may add, so that a small file cannot stand for a huge one. */
const maxRepeatedValues = 10_000;

/** Depth of the deepest value, an attribute's: in realms, realm, clients, client, attributes, values. */
const maxDepth = 7;

/** How many merge keys may follow one another. */
const maxMerges = 20;

/**
 * Reads a YAML document, substitutes its `${…}`s and marks the line of every key.
 * @returns the document's value: mappings are Maps, lists are arrays
 * @throws ConfigurationFileError when it is not YAML, nested too deeply, or too large once its aliases are
 *   followed
 */
export function readDocument(text: string, replacements: Replacements, problems: FileProblems): unknown {
  const lines = new LineCounter();
  const document = parseDocument(text, { ...yamlOptions, lineCounter: lines });
  const broken = new Set<number>();
  for (const error of [...document.errors, ...document.warnings]) {
    const { line } = lines.linePos(error.pos[0]);
    // The parser's messages quote the file. Further errors of a line mostly follow from its first one.
    if (!broken.has(line)) problems.add('', `not valid YAML: ${describe(error.code)}`, line);
    broken.add(line);
  }
  problems.throwIfAny();
  const maxValues = text.length + 1 + maxRepeatedValues; // a value takes at least one character
  return new DocumentReader(document, lines, replacements, problems, maxValues).read(
    document.contents,
    '',
    0,
  );
}

function describe(code: string): string {
  return code.toLowerCase().replaceAll('_', ' ');
}

/** `<<` without quotes: what it names is merged into the mapping, as YAML 1.1 and Docker Compose have it. */
function isMergeKey({ key }: Pair): boolean {
  return isScalar(key) && key.type === Scalar.PLAIN && key.value === '<<';
}

/** Whether a key is somebody's own, as in Docker Compose: it is not read, but may hold anchors. */
function isExtension(name: string): boolean {
  return name.startsWith('x-');
}

class DocumentReader {
  private readonly anchored = new Map<Alias, Node | undefined>();
  private values = 0;

  constructor(
    document: Document.Parsed,
    private readonly lines: LineCounter,
    private readonly replacements: Replacements,
    private readonly problems: FileProblems,
    private readonly maxValues: number,
  ) {
    const anchors = new Map<string, Node>();
    visit(document, {
      Node: (_key, node) => {
        if (isAlias(node)) this.anchored.set(node, anchors.get(node.source));
        else if (node.anchor !== undefined) anchors.set(node.anchor, node);
      },
    });
  }

  read(node: unknown, key: string, depth: number): unknown {
    if (depth > maxDepth) return this.problems.fail(key, 'is nested too deeply');
    this.count(1, key);
    if (isAlias(node)) return this.follow(node, key, depth);
    if (isMap(node)) return this.readMap(node, key, depth);
    if (isSeq(node)) {
      return node.items.map((item, index) => this.readChild(item, item, `${key}[${index}]`, depth));
    }
    return isScalar(node) ? this.readScalar(node, key) : null;
  }

  private readMap(map: YAMLMap, key: string, depth: number): Map<string, unknown> {
    const values = new Map<string, unknown>();
    for (const [name, pair] of this.pairsOf(map, key, 0)) {
      values.set(name, this.readChild(pair.value, pair.key, childKey(key, name), depth));
    }
    return values;
  }

  /** A mapping's pairs by their names, and those of the mappings that it merges where it has none of the name. */
  private pairsOf(map: YAMLMap, key: string, merges: number): Map<string, Pair> {
    if (merges > maxMerges) return this.problems.fail(key, 'merges too many mappings into one another');
    const pairs = new Map<string, Pair>();
    const merged: Pair[] = [];
    for (const pair of map.items) {
      const name = String((pair.key as Scalar).value); // `stringKeys` lets nothing else through
      if (isMergeKey(pair)) merged.push(pair);
      else if (isExtension(name) && isEntryKey(key)) continue;
      else if (pairs.has(name))
        this.problems.add(childKey(key, name), 'is given twice', this.lineOf(pair.key));
      else pairs.set(name, pair);
    }
    for (const source of merged.flatMap((pair) => this.mergedMaps(pair, key))) {
      this.count(1 + source.items.length, key);
      for (const [name, pair] of this.pairsOf(source, key, merges + 1)) {
        if (!pairs.has(name)) pairs.set(name, pair);
      }
    }
    return pairs;
  }

  /** The mappings that a merge key names: one, or a list of them, of which the first one that has a name counts. */
  private mergedMaps({ key: mergeKey, value }: Pair, key: string): YAMLMap[] {
    const target = this.targetOf(value);
    const maps = (isSeq(target) ? target.items : [target]).map((item) => this.targetOf(item));
    const found = maps.filter((map) => isMap(map));
    if (found.length < maps.length) {
      const reason = 'must name a mapping of this file, or a list of them';
      this.problems.add(childKey(key, '<<'), reason, this.lineOf(mergeKey));
    }
    return found;
  }

  private targetOf(node: unknown): unknown {
    return isAlias(node) ? this.anchored.get(node) : node;
  }

  /** @param place the node whose line is reported for the child: a mapping's value may begin below its key */
  private readChild(node: unknown, place: unknown, key: string, depth: number): unknown {
    this.problems.mark(key, this.lineOf(place));
    return this.read(node, key, depth + 1);
  }

  private readScalar(scalar: Scalar, key: string): unknown {
    const { value } = scalar;
    if (typeof value !== 'string') return value;
    const { text, reason } = substitute(value, this.replacements);
    if (reason !== undefined) {
      this.problems.add(key, reason);
      return text;
    }
    const typed = isTypedKey(key) && scalar.type === Scalar.PLAIN && isReference(value);
    return typed ? readCoreScalar(text) : text;
  }

  /** @throws ConfigurationFileError when there are more values than the file could hold without aliases */
  private count(values: number, key: string): void {
    this.values += values;
    if (this.values > this.maxValues) this.problems.fail(key, 'is repeated too often by aliases');
  }

  private follow(alias: Alias, key: string, depth: number): unknown {
    const target = this.anchored.get(alias);
    return target ? this.read(target, key, depth) : this.problems.fail(key, 'is an alias without an anchor');
  }

  private lineOf(node: unknown): number {
    return this.lines.linePos((node as Node | null)?.range?.[0] ?? 0).line;
  }
}
