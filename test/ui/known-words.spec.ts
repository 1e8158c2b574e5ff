import { auditActions } from '../../src/domain/audit.js';
import { refusalReasons } from '../../src/domain/inactive.js';
import { actions } from '../../ui/src/pages/audit/actions.js';
import { reasons } from '../../ui/src/pages/refusals/reasons.js';

it('the filters of Audit and Refusals offer every action and reason that the server has', () => {
  expect([...actions].sort()).toEqual([...auditActions].sort());
  expect([...reasons].sort()).toEqual([...refusalReasons].sort());
});
