/** A realm, client or user as the server shows it: its members by their names in `symbolon.yaml`. */
export type Subject = Readonly<Record<string, unknown>>;

/** How a member is typed: a list has one value a line, a mapping is JSON, a flag is a box to tick. */
export type MemberType = 'text' | 'secret' | 'number' | 'list' | 'mapping' | 'choice' | 'flag';

/** A member of a subject, as a form shows it. */
export interface Member {
  readonly name: string;
  readonly label: string;
  readonly type: MemberType;
  readonly help?: string;
  /** The values of a choice. */
  readonly values?: readonly string[];
  /** Whether it is given when the subject is added, and never changed: its name, a password. */
  readonly onlyNew?: boolean;
  readonly required?: boolean;
}

/** What is typed, by the names of members. */
export type Texts = Readonly<Record<string, string>>;

/** A member's value as it is typed; an empty text where there is none. */
export function textOf({ name, type }: Member, subject: Subject): string {
  const value = subject[name];
  if (type === 'flag') return String(value === true);
  if (value === undefined || value === null) return '';
  if (type === 'list') return (value as readonly string[]).join('\n');
  return typeof value === 'string' ? value : JSON.stringify(value, null, 2);
}

/** All members as they are typed. */
export function textsOf(members: readonly Member[], subject: Subject): Texts {
  return Object.fromEntries(members.map((member) => [member.name, textOf(member, subject)]));
}

/**
 * The value of what was typed; null stands for the default. What is no number stays a text: the server says why it is refused.
 * @throws SyntaxError for a mapping that is no JSON
 */
function valueOf({ type }: Member, text: string): unknown {
  switch (type) {
    case 'flag':
      return text === 'true';
    case 'list':
      return text.split('\n').flatMap((line) => line.trim() || []);
    case 'mapping':
      return text.trim() === '' ? {} : (JSON.parse(text) as unknown);
    case 'number':
      return text.trim() === '' ? null : Number.isNaN(Number(text)) ? text : Number(text);
    case 'text':
    case 'secret':
    case 'choice':
      return text === '' ? null : text;
  }
}

/** What was changed by typing, as a merge patch (RFC 7396), and what is wrong with it. */
export interface Typed {
  readonly patch: Subject;
  /** Reasons by the names of members. */
  readonly flaws: Texts;
}

/** Compares what is typed with a subject. */
export function typedChanges(members: readonly Member[], subject: Subject, texts: Texts): Typed {
  const patch: Record<string, unknown> = {};
  const flaws: Record<string, string> = {};
  for (const member of members) {
    const { name } = member;
    if (texts[name] === textOf(member, subject)) continue;
    try {
      patch[name] = mergePatch(subject[name], valueOf(member, texts[name]));
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      flaws[name] = 'is no JSON';
    }
  }
  return { patch, flaws };
}

/** The merge patch that makes one value of another: a mapping's missing names are null. */
function mergePatch(from: unknown, to: unknown): unknown {
  if (!isMapping(from) || !isMapping(to)) return to;
  const gone = Object.keys(from).filter((name) => !Object.hasOwn(to, name));
  return Object.fromEntries([
    ...gone.map((name) => [name, null]),
    ...Object.entries(to).map(([name, value]) => [name, mergePatch(from[name], value)]),
  ]);
}

function isMapping(value: unknown): value is Subject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
