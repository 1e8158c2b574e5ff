import { bytes, count, duration, figure, milliseconds, percent } from '../../ui/src/text/numbers.js';

/** With plain spaces, for readers of this file. */
const plain = (text: string) => text.replaceAll('\u00a0', ' ');

it('a number and its unit stay on one line', () => {
  for (const text of [percent(1, 3), milliseconds(2), bytes(1e6), duration(1000)]) {
    expect(text).not.toMatch(/ /);
  }
});

it.each([
  [0, '0'],
  [0.0391, '0.039'],
  [1.24, '1.2'],
  [12.54, '12.5'],
  [1204.4, '1,204'],
])('of the number %p the digits that matter are shown', (value, text) => {
  expect(figure(value)).toBe(text);
});

it.each([
  [0, 0, '–'],
  [0, 7, '0 %'],
  [7, 7, '100 %'],
  [1, 3, '33.3 %'],
  [99_999, 100_000, '> 99.9 %'],
  [1, 100_000, '< 0.1 %'],
])('%p of %p: only all is 100 %%, and only nothing is 0 %%', (part, of, text) => {
  expect(plain(percent(part, of))).toBe(text);
});

it.each([
  [null, '–'],
  [0.391, '0.39 ms'],
  [841.2, '841 ms'],
  [1240, '1.2 s'],
])('a time of %p milliseconds', (value, text) => {
  expect(plain(milliseconds(value))).toBe(text);
});

it.each([
  [-5, '0 s'],
  [4_400, '4 s'],
  [60_000, '1 min'],
  [61_000, '1 min'],
  [7_500_000, '2 h 5 min'],
  [86_400_000 * 3, '3 d'],
  [86_400_000 * 3 + 3_600_000, '3 d 1 h'],
])('a duration of %p milliseconds in its two largest units', (ms, text) => {
  expect(plain(duration(ms))).toBe(text);
});

it('memory and counts', () => {
  expect([bytes(143_654_912), bytes(2.1e9)].map(plain)).toEqual(['144 MB', '2.1 GB']);
  expect(count(1_204_512)).toBe('1,204,512');
});
