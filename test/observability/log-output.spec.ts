import { LogOutput, type LogSink } from '../../src/observability/log-output.js';
import { StoppedClock } from '../support/stopped-clock.js';

/** A place for the log that takes each text when a test says so. */
function heldSink() {
  const taken: { readonly text: string; readonly done: Parameters<LogSink>[1] }[] = [];
  return { taken, sink: (text: string, done: Parameters<LogSink>[1]) => void taken.push({ text, done }) };
}

function noSpace(): NodeJS.ErrnoException {
  return Object.assign(new Error('no space'), { code: 'ENOSPC' });
}

let told: string[];
let clock: StoppedClock;
beforeEach(() => {
  told = [];
  clock = new StoppedClock();
});
const tell = (sentence: string) => void told.push(sentence);
const elapsed = () => clock.elapsed();

it('writes lines that come during a write together, after it, in their order', async () => {
  const { taken, sink } = heldSink();
  const output = new LogOutput(sink, tell, elapsed);
  for (const line of ['a\n', 'b\n', 'c\n']) output.write(line);
  expect(taken.map(({ text }) => text)).toEqual(['a\n']);
  taken[0].done();
  expect(taken.map(({ text }) => text)).toEqual(['a\n', 'b\nc\n']);
  const ended = output.end(60_000);
  taken[1].done(null);
  await ended;
  expect(told).toEqual([]);
});

/** An output whose place is full while `place.full` is. */
function fillable() {
  const place = { full: true, written: [] as string[] };
  const sink: LogSink = (text, done) => {
    if (!place.full) place.written.push(text);
    done(place.full ? noSpace() : undefined);
  };
  return { place, output: new LogOutput(sink, tell, elapsed) };
}

it('counts lines that could not be written, and says so once when that begins and once when it is over', async () => {
  const { place, output } = fillable();
  output.write('a\n');
  output.write('b\n');
  expect(told).toEqual(['the log cannot be written (ENOSPC): its lines are lost.']);
  place.full = false;
  output.write('c\n');
  output.write('d\n');
  expect(told.slice(1)).toEqual(['the log is written again; 2 lines were lost.']);
  expect(place.written).toEqual(['c\n', 'd\n']);
  await output.end(60_000);
  expect(told.slice(2)).toEqual(['2 lines of the log were lost.']);
});

it('says no more than two sentences a minute of a log that is lost line by line', async () => {
  const { place, output } = fillable();
  for (let number = 0; number < 61; number += 1) {
    place.full = true;
    output.write('lost\n');
    place.full = false;
    output.write('written\n');
    clock.advance(1000);
  }
  const begins = 'the log cannot be written (ENOSPC): its lines are lost.';
  expect(told).toEqual([
    begins,
    'the log is written again; 1 lines were lost.',
    begins,
    'the log is written again; 60 lines were lost.',
  ]);
  await output.end(60_000);
  expect(told.slice(4)).toEqual(['61 lines of the log were lost.']);
});

it('keeps no more than a million characters for a log that nobody reads, and does not wait for it at the end', async () => {
  const { taken, sink } = heldSink();
  const output = new LogOutput(sink, tell, elapsed);
  const line = `${'x'.repeat(999)}\n`;
  const kept = Math.floor((1 << 20) / 1000);
  for (let number = 0; number < 1 + kept + 50; number += 1) output.write(line);
  expect(told).toEqual(['the log cannot be written (nobody reads it): its lines are lost.']);
  taken[0].done();
  expect(taken[1].text).toHaveLength(kept * 1000);
  expect(told.slice(1)).toEqual(['the log is written again; 50 lines were lost.']);
  await output.end(0);
  expect(told.slice(2)).toEqual([`${kept + 50} lines of the log were lost.`]);
});
