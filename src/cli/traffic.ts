import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { type Command, InvalidArgumentError, Option } from 'commander';
import {
  trafficDimensions,
  type TrafficDimension,
  type TrafficWindow,
  trafficWindows,
} from '../domain/traffic.js';
import { wholeNumber } from './numbers.js';
import { print, showsColours } from './terminal.js';
import { type Traffic, trafficLines, trafficTable } from './traffic.presenter.js';

/** How often the table on a terminal is refreshed, in milliseconds. */
const refreshMs = 10_000;

const help = `
Messages are counted by every node, and stored every few seconds. Successes were answered with a status below 400,
failures with 4xx, exceptions with 5xx or not at all; times are from the request to its answer. On a terminal, the
table is refreshed every 10 s until Ctrl-C. In a table, - stands for nobody, and * for the realms and clients beyond
MONITORING_ROWS. Settings come from the environment, as for apply.`;

interface Options {
  readonly window: TrafficWindow;
  readonly by?: readonly TrafficDimension[];
  readonly limit: number;
  readonly json?: true;
  readonly once?: true;
  readonly service?: string;
  readonly method?: string;
  readonly client?: string;
  readonly realm?: string;
}

/** Adds `traffic`: who uses which service, how much, and with what outcome. */
export function addTraffic(program: Command): void {
  const command = program
    .command('traffic')
    .description('show the messages of the last minutes, hours or days: how many, by whom, with what outcome')
    .addOption(
      new Option('--window <window>', 'how far back').choices(Object.keys(trafficWindows)).default('10m'),
    )
    .addOption(
      new Option('--by <dimensions>', `what to group by, of ${trafficDimensions.join(',')}; repeatable`)
        .argParser(readDimensions)
        .default(undefined, 'service,method'),
    );
  for (const dimension of trafficDimensions) {
    command.option(`--${dimension} <${dimension}>`, `count messages of this ${dimension} alone`);
  }
  command
    .addOption(
      new Option('--limit <groups>', 'how many groups, 1 to 200').argParser(wholeNumber(1, 200)).default(50),
    )
    .option('--once', 'show the table once, on a terminal, too')
    .option('--json', 'print a line of JSON for each group')
    .addHelpText('after', help)
    .action(traffic);
}

async function traffic({ window, by = ['service', 'method'], limit, ...rest }: Options): Promise<void> {
  const { json, once: onlyOnce, ...filters } = rest;
  // Nest and TypeORM are slow to load.
  const { withTraffic } = await import('./monitoring.js');
  const dimensions = trafficDimensions.filter((dimension) => by.includes(dimension));
  const table = (found: Traffic) => trafficTable(found, dimensions, window, showsColours());
  await withTraffic({ window, by: dimensions, filters, limit }, async (read) => {
    if (json) trafficLines(await read(), dimensions).forEach(print);
    else if (onlyOnce || !process.stdout.isTTY) print(table(await read()));
    else await refreshed(async () => table(await read()));
  });
}

/** Shows a text on an empty screen, again and again until Ctrl-C. */
async function refreshed(show: () => Promise<string>): Promise<void> {
  const over = once(process, 'SIGINT').then(() => true);
  do {
    const text = await show();
    // Moves to the top left, clears the screen (ECMA-48 §8.3.21, §8.3.39).
    print(`\x1b[H\x1b[2J${text}`);
  } while (!(await Promise.race([over, delay(refreshMs, false)])));
}

/** Several options, and lists of several dimensions, add up. */
function readDimensions(text: string, before: readonly TrafficDimension[] = []): readonly TrafficDimension[] {
  const dimensions = text.split(',').map((name) => trafficDimensions.find((known) => known === name));
  if (!dimensions.every((dimension) => dimension !== undefined)) {
    throw new InvalidArgumentError(`It must be a list of ${trafficDimensions.join(', ')}.`);
  }
  return [...before, ...dimensions];
}
