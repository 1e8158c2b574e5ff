import type { AccessToken } from '../../domain/access-token.js';
import type { ActiveToken } from '../../domain/token.service.js';

/** How many answers are kept. */
const capacity = 5_000;

interface Rendered<Answer> {
  readonly answer: Answer;
  readonly of: ActiveToken;
  /** Whether it was asked for since the last sweep. */
  used: boolean;
}

/**
 * Keeps what was rendered for the tokens that are asked about most. It is used while the very objects are current that it
 * was made from: token, realm, client and resource owner. A cache returns the same ones until one of them has changed.
 */
export class RenderedAnswers<Answer> {
  private readonly answers = new Map<AccessToken, Rendered<Answer>>();
  /** How often nothing was kept since the last sweep. */
  private missed = 0;

  /** @param render makes the answer from nothing but the active token, but not from the time that it has left */
  constructor(private readonly render: (active: ActiveToken) => Answer) {}

  /** What is rendered for an active token. */
  of(active: ActiveToken): Answer {
    const kept = this.answers.get(active.token);
    if (kept && isSame(kept.of, active)) {
      kept.used = true;
      return kept.answer;
    }
    const answer = this.render(active);
    if (kept || this.hasRoom()) this.answers.set(active.token, { answer, of: active, used: false });
    return answer;
  }

  /** Whoever comes when it is full waits for a sweep: tokens that are asked about in turn must not drive out one another. */
  private hasRoom(): boolean {
    if (this.answers.size < capacity) return true;
    this.missed += 1;
    if (this.missed < capacity) return false;
    this.missed = 0;
    for (const [token, kept] of this.answers) {
      if (!kept.used) this.answers.delete(token);
      kept.used = false;
    }
    return this.answers.size < capacity;
  }
}

function isSame(one: ActiveToken, other: ActiveToken): boolean {
  return (
    one.realm === other.realm && one.client === other.client && one.resourceOwner === other.resourceOwner
  );
}
