// A number and its unit stay on one line: between them is a no-break space, U+00A0.

/** What is shown where there is no number. */
export const noValue = '–';

const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const oneDigit = new Intl.NumberFormat('en', { maximumFractionDigits: 1 });
const fixedDigit = new Intl.NumberFormat('en', { minimumFractionDigits: 1, maximumFractionDigits: 1 });
const significant = new Intl.NumberFormat('en', { maximumSignificantDigits: 2 });

/** A whole number: `1,204`. */
export function count(value: number): string {
  return whole.format(value);
}

/** A number of which a few digits matter: `1,204`, `12.5`, `0.39`. */
export function figure(value: number): string {
  const size = Math.abs(value);
  if (size >= 100) return whole.format(value);
  return size >= 10 ? oneDigit.format(value) : significant.format(value);
}

/**
 * A share in percent: `99.2 %`. Only all is 100 %, and only nothing is 0 %: what is nearly so is `> 99.9 %` and
 * `< 0.1 %`.
 */
export function percent(part: number, of: number): string {
  if (of === 0) return noValue;
  const share = (part / of) * 100;
  if (part < of && share > 99.9) return '>\u00a099.9\u00a0%';
  if (part > 0 && share < 0.1) return '<\u00a00.1\u00a0%';
  return `${share === 0 || share === 100 ? share : fixedDigit.format(share)}\u00a0%`;
}

/** A processing time: `0.39 ms`, `12.5 ms`, `1.2 s`. */
export function milliseconds(value: number | null): string {
  if (value === null) return noValue;
  return value < 1000 ? `${figure(value)}\u00a0ms` : `${figure(value / 1000)}\u00a0s`;
}

/** Memory: `143 MB`, by powers of ten. */
export function bytes(value: number): string {
  return value < 1e9 ? `${figure(value / 1e6)}\u00a0MB` : `${figure(value / 1e9)}\u00a0GB`;
}

const units = [
  ['d', 86_400],
  ['h', 3600],
  ['min', 60],
] as const;

/** How long something takes, in the two largest units: `4 s`, `2 h 5 min`, `3 d`. */
export function duration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  const first = units.findIndex(([, length]) => seconds >= length);
  if (first < 0) return `${seconds}\u00a0s`;
  const [unit, length] = units[first];
  const next = units.at(first + 1);
  const rest = next && first + 1 < units.length ? Math.floor((seconds % length) / next[1]) : 0;
  const most = `${Math.floor(seconds / length)}\u00a0${unit}`;
  return rest > 0 && next ? `${most} ${rest}\u00a0${next[0]}` : most;
}
