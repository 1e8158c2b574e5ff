import type { Logger } from 'pino';
import { compileSelector, type Selector } from './selector.js';
import { type AnsweredRequest, answerScope, type SelectorEnvironment } from './selector-scope.js';

/** One row of the setting: a member's name (any text), and its value, which may hold selectors. */
export interface AdditionalParameter {
  readonly name: string;
  readonly value: string;
}

/** The members that every answer of Axway's token information has; no row may take their names. */
const standardNames = new Set(['audience', 'user_id', 'scope', 'expires_in']);

/** A row with its compiled selector. */
interface Row {
  readonly name: string;
  readonly selector: Selector;
}

/** Axway's *additional access token parameters*: further members of its token information, each a string. */
export class AdditionalParameters {
  private readonly rows: readonly Row[];
  private readonly warned = new Set<string>();

  /**
   * @param rows in the order of the answer
   * @param env what `${env.NAME}` may read
   * @param log gets one warning for each row that does not resolve, with the row's name
   * @throws Error for the first invalid row; the message names the row and the reason, in one line
   */
  constructor(
    rows: readonly AdditionalParameter[],
    private readonly env: SelectorEnvironment,
    private readonly log: Logger,
  ) {
    const taken = new Set<string>();
    this.rows = rows.map(({ name, value }, index) => {
      try {
        refuseName(name, taken);
        taken.add(name);
        return { name, selector: compileSelector(value) };
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        throw new Error(`row ${index + 1}, ${JSON.stringify(name)}: ${reason}`, { cause: error });
      }
    });
  }

  /** Whether there is no row. */
  get isEmpty(): boolean {
    return this.rows.length === 0;
  }

  /**
   * The members for one answer, in the order of the rows. A selector that does not resolve gives an empty
   * text.
   * @throws OAuthError `invalid_request` when a row reads a parameter that was sent twice or is unreadable
   */
  members(request: AnsweredRequest): [name: string, value: string][] {
    const scope = answerScope(request, this.env);
    return this.rows.map(({ name, selector }) => {
      const { text, resolved } = selector.evaluate(scope);
      if (!resolved) this.warn(name);
      return [name, text];
    });
  }

  private warn(name: string): void {
    if (this.warned.has(name)) return;
    this.warned.add(name);
    this.log.warn({ parameter: name }, 'a selector of an additional parameter did not resolve');
  }
}

function refuseName(name: string, taken: ReadonlySet<string>): void {
  if (name.trim() === '') throw new Error('the name is empty');
  if (standardNames.has(name)) throw new Error('the name is one of the standard members');
  if (taken.has(name)) throw new Error('the name is repeated');
}
