import { NotExamined } from '../domain/doctor/check.js';
import { Problem } from './problem.js';
import type { Turns } from './turns.js';

/** Runs a check when it is its turn among the readers of the operator's listener. @throws NotExamined when it is not */
export async function inDoctorsTurn<Result>(turns: Turns, check: () => Promise<Result>): Promise<Result> {
  try {
    return await turns.take(check);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    throw new NotExamined('too many requests read the database', 'ask again in a minute');
  }
}
