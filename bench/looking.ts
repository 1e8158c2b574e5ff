import { setTimeout as delay } from 'node:timers/promises';
import { shortLooks } from './looks.js';
import { Operator } from './operator.js';

/**
 * A program that looks around at the operator's listener, one request every 200 ms, until it is killed. It is a process of
 * its own: reading a long list must not delay the program that measures. It writes a line after the first lap. Its environment has `ADMIN_PORT` and `ADMIN_TOKEN`.
 */
const pauseMs = 200;

const { ADMIN_PORT, ADMIN_TOKEN = '' } = process.env;
const operator = await Operator.at(Number(ADMIN_PORT), ADMIN_TOKEN);
for (let lap = 1; ; lap++) {
  if (lap === 2) process.stdout.write('looking\n');
  for (const look of Object.values(shortLooks)) {
    await look(operator, 1);
    await delay(pauseMs);
  }
}
