import { subjectController } from '../subjects/subject-controller.js';

/** Realms, by their paths as one segment: `%2Falpha`. */
export class RealmsController extends subjectController('realm', 'admin/v1/realms', 'path') {}
