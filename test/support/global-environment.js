import { TestEnvironment } from 'jest-environment-node';
import { AnswerChecker } from './answer-checker.js';

/**
 * Node, and `answerFlaw`. What holds answers against the OpenAPI documents stands outside the sandbox of a test file, so
 * that each worker loads the documents and compiles their schemas once.
 */
export default class Environment extends TestEnvironment {
  /** @override */
  async setup() {
    await super.setup();
    this.global.answerFlaw = answerFlaw;
  }
}

/** @type {Map<string, AnswerChecker>} */
const checkers = new Map();

/**
 * @param {import('./answer-checker.js').Listener} listener
 * @param {import('./answer-checker.js').ObservedAnswer} answer
 */
function answerFlaw(listener, answer) {
  const checker = checkers.get(listener) ?? new AnswerChecker(listener);
  checkers.set(listener, checker);
  return checker.flawOf(answer);
}
