import { type Command, InvalidArgumentError } from 'commander';
import { auditEventMembers } from '../admin/audit-view.js';
import { auditActions } from '../domain/audit.js';
import { auditTable } from './audit.presenter.js';
import { wholeNumber } from './numbers.js';
import { print, printableJson, showsColours } from './terminal.js';

interface AuditOptions {
  readonly limit: number;
  readonly action?: string;
  readonly actor?: string;
  readonly realm?: string;
  readonly name?: string;
  readonly json?: true;
}

const maxEvents = 200;

const help = `
An actor is the operating system's user of a command, the client of an admin token, the configuration file of a start,
or the server itself. Of secrets, passwords and attributes only is recorded that they changed. A token that its own
client has revoked is no event: symbolon explain tells. Settings come from the environment, as for apply.`;

/** Adds `audit`: who changed what, and when. */
export function addAudit(program: Command): void {
  program
    .command('audit')
    .description(
      'list changes of realms, clients, users, tokens and keys: what, when and by whom, newest first',
    )
    .option('--limit <events>', `how many events, 1 to ${maxEvents}`, wholeNumber(1, maxEvents), 50)
    .option('--action <action>', 'events of this action alone', readAction)
    .option('--actor <name>', 'events by this actor alone')
    .option('--realm <path>', 'events in this realm alone')
    .option('--name <name>', 'events of the client or user with this name alone')
    .option('--json', 'print a line of JSON for each event')
    .addHelpText('after', help)
    .action(audit);
}

async function audit({ json, ...query }: AuditOptions): Promise<void> {
  // Nest and TypeORM are slow to load.
  const { listAuditEvents } = await import('./operations-application.js');
  const events = await listAuditEvents(query);
  if (json) events.forEach((event) => print(printableJson(auditEventMembers(event))));
  else print(auditTable(events, showsColours()));
}

function readAction(text: string): string {
  if (!auditActions.some((action) => action === text)) {
    throw new InvalidArgumentError(`It must be one of ${auditActions.join(', ')}.`);
  }
  return text;
}
