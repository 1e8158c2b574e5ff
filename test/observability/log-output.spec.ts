import { LogOutput, type LogSink } from '../../src/observability/log-output.js';

/** A place for the log that takes each text when a test says so. */
function heldSink() {
  const taken: { readonly text: string; readonly done: Parameters<LogSink>[1] }[] = [];
  return { taken, sink: (text: string, done: Parameters<LogSink>[1]) => void taken.push({ text, done }) };
}

function noSpace(): NodeJS.ErrnoException {
  return Object.assign(new Error('no space'), { code: 'ENOSPC' });
}

let told: string[];
beforeEach(() => (told = []));
const tell = (sentence: string) => void told.push(sentence);

it('writes lines that come during a write together, after it, in their order', async () => {
  const { taken, sink } = heldSink();
  const output = new LogOutput(sink, tell);
  for (const line of ['a\n', 'b\n', 'c\n']) output.write(line);
  expect(taken.map(({ text }) => text)).toEqual(['a\n']);
  taken[0].done();
  expect(taken.map(({ text }) => text)).toEqual(['a\n', 'b\nc\n']);
  const ended = output.end(60_000);
  taken[1].done(null);
  await ended;
  expect(told).toEqual([]);
});

it('counts lines that could not be written, says so once, and goes on', async () => {
  let full = true;
  const written: string[] = [];
  const output = new LogOutput((text, done) => {
    if (!full) written.push(text);
    done(full ? noSpace() : undefined);
  }, tell);
  output.write('a\n');
  output.write('b\n');
  expect(told).toEqual(['the log cannot be written (ENOSPC): its lines are lost.']);
  full = false;
  output.write('c\n');
  full = true;
  output.write('d\n');
  await output.end(60_000);
  expect(written).toEqual(['c\n']);
  expect(told.slice(1)).toEqual(['3 lines of the log were lost.']);
});

it('keeps no more than a million characters for a log that nobody reads, and does not wait for it at the end', async () => {
  const { taken, sink } = heldSink();
  const output = new LogOutput(sink, tell);
  const line = `${'x'.repeat(999)}\n`;
  const kept = Math.floor((1 << 20) / 1000);
  for (let number = 0; number < 1 + kept + 50; number += 1) output.write(line);
  expect(told).toEqual(['the log cannot be written (nobody reads it): its lines are lost.']);
  taken[0].done();
  expect(taken[1].text).toHaveLength(kept * 1000);
  await output.end(0);
  expect(told.slice(1)).toEqual([`${kept + 50} lines of the log were lost.`]);
});
