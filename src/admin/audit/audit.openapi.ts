import { type Operation, queryParameter } from '../../openapi/operation.js';
import { auditEvent, auditEventExample } from '../audit-view.openapi.js';
import { filterText, pageAnswer, pageParametersOf, realmParameter } from '../list.openapi.js';
import { guarded } from '../problem.openapi.js';

export const listAudit: Operation = {
  tag: 'Audit',
  summary: 'List changes, the newest first',
  description: 'Changes of realms, clients, users, tokens and keys. They are kept for `AUDIT_DAYS`.',
  parameters: [
    ...pageParametersOf,
    queryParameter('action', filterText('Only events with this action.'), 'client.disabled'),
    queryParameter('actor', filterText('Only events of the actor with this name.'), 'anna'),
    realmParameter,
    queryParameter('name', filterText('Only events of the client or user with this name.'), 'billing'),
  ],
  security: ['adminToken'],
  answers: { 200: pageAnswer('A page of events.', auditEvent, auditEventExample), ...guarded },
};
