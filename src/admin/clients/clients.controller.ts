import { subjectController } from '../subjects/subject-controller.js';

/** Clients of a realm, by their identifiers. */
export class ClientsController extends subjectController('client', 'admin/v1/clients', 'id') {}
