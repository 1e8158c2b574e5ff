import { paired, pairedLine } from '../../bench/against/paired.js';
import { readOptions } from '../../bench/options.js';

describe('the comparison of two commits', () => {
  it('divides the medians, and tells the spread of the ratios of the rounds', () => {
    const { ratio, least, greatest, standardError } = paired([110, 100, 120], [100, 100, 100]);
    expect([ratio, least, greatest]).toEqual([1.1, 1, 1.2]);
    expect(standardError).toBeCloseTo(0.1 / Math.sqrt(3), 10);
  });

  it('pairs the figures of a round, whatever the machine did in another', () => {
    expect(paired([103, 206, 51.5], [100, 200, 50]).standardError).toBeCloseTo(0, 10);
  });

  it('claims no error of a single round', () => {
    expect(pairedLine('req/s', paired([2], [1]))).toMatch(/^req\/s +2\.000 × of one round/);
  });
});

describe('the options of the bench', () => {
  it('compares two commits in five rounds, and in as many as --rounds says', () => {
    expect(readOptions(['--against', 'main']).scale.rounds).toBe(5);
    expect(readOptions(['--against', 'main', '--rounds', '9']).scale.rounds).toBe(9);
    expect(readOptions([]).scale.rounds).toBe(3);
  });

  it.each(['0', '-1', '1.5', 'many', ''])('refuses %j rounds', (rounds) => {
    expect(() => readOptions([`--rounds=${rounds}`])).toThrow('--rounds takes a number');
  });

  it('does not write a comparison of two commits into the page', () => {
    expect(() => readOptions(['--docs', '--against', 'main'])).toThrow('--docs');
  });
});
