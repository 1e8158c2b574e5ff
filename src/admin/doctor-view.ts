import type { Examination } from '../domain/doctor/doctor.js';
import { isoTime } from './iso-time.js';

/** An examination as the wire has it: its time in ISO 8601, its age in milliseconds. */
export function examinationMembers({
  status,
  at,
  age,
  checks,
}: Examination): Readonly<Record<string, unknown>> {
  return {
    status,
    at: isoTime(at),
    age,
    checks: checks.map(({ name, status: one, found, advice }) => ({ name, status: one, found, advice })),
  };
}
