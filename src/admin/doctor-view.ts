import type { Examination } from '../domain/doctor/doctor.js';

/** An examination as the wire has it: its time in ISO 8601, its age in milliseconds. */
export function examinationMembers({
  status,
  at,
  age,
  checks,
}: Examination): Readonly<Record<string, unknown>> {
  return {
    status,
    at: new Date(at).toISOString(),
    age,
    checks: checks.map(({ name, status: one, found, advice }) => ({ name, status: one, found, advice })),
  };
}
