import { Writable } from 'node:stream';
import { Counter, Progress } from '../../src/cli/progress.js';

/** Keeps what is written. */
class Output extends Writable {
  text = '';

  constructor(readonly isTTY: boolean) {
    super();
  }

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString();
    done();
  }
}

function shown(isTTY: boolean, bytes: number): string {
  const output = new Output(isTTY);
  const progress = new Progress(bytes, 'line', output);
  progress.show(1000, 50);
  progress.stop();
  return output.text;
}

it('shows on a terminal how far a file has been read', () => {
  expect(shown(true, 200)).toMatch(/ 25% \| line 1000 \| /);
});

it('shows how much of a store has been copied', () => {
  const output = new Output(true);
  const progress = new Progress(1, 'tokens', output);
  progress.show(1000, 0.5);
  progress.stop();
  expect(output.text).toMatch(/ 50% \| 1000 tokens \| /);
});

it('writes nothing where there is no terminal', () => {
  expect(shown(false, 200)).toBe('');
});

it('shows nothing for a file whose size is not known', () => {
  expect(shown(true, 0)).toBe('');
});

it('shows how many subjects were compared, once their number is known', () => {
  const output = new Output(true);
  const progress = new Progress(0, 'subjects', output);
  progress.showOf(8, 4);
  progress.stop();
  expect(output.text).toMatch(/ 50% \| 4 subjects \| /);
});

it.each([
  [true, /7 subjects/],
  [false, /^$/],
])('counts what has no known end, on a terminal alone (%s)', (isTTY, shownText) => {
  const output = new Output(isTTY);
  const counter = new Counter('subjects', output);
  counter.show(7);
  counter.stop();
  expect(output.text).toMatch(shownText);
});
