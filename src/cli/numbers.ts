import { InvalidArgumentError } from 'commander';

/**
 * Reads the value of an option that takes a whole number in these bounds.
 * @param unit follows "whole number" in the refusal, ` of seconds`
 * @returns a parser that throws InvalidArgumentError
 */
export function wholeNumber(least: number, most: number, unit = ''): (text: string) => number {
  return (text) => {
    const value = /^\d{1,9}$/.test(text) ? Number(text) : NaN;
    if (value >= least && value <= most) return value;
    throw new InvalidArgumentError(`It must be a whole number${unit} from ${least} to ${most}.`);
  };
}
