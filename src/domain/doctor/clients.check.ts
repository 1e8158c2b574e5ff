import type { Clock } from '../clock.js';
import type { DirectoryWriter } from '../directory-writer.js';
import { type Check, counted, namesOf, ok, warn } from './check.js';
import type { SubjectSurvey } from './subject-survey.js';

/** All clients are read. */
const deadlineMs = 35_000;

/** How long a client's secret may be used, in milliseconds. */
const oldSecretMs = 365 * 24 * 3_600_000;

/** Which clients have had their secret for long, and how many previous secrets are still accepted. */
export function clientSecretsCheck(survey: SubjectSurvey, clock: Clock): Check {
  return {
    name: 'client-secrets',
    readsTables: true,
    deadlineMs,
    async run() {
      const now = clock.now();
      const { old, accepted, ended } = await survey.clientSecrets(now - oldSecretMs, now);
      const previous = `${counted(accepted, 'previous one')} still accepted, ${counted(ended, 'previous one')} not any more`;
      if (old.count === 0)
        return ok(`no secret of an enabled client is known to be older than a year; ${previous}`);
      return warn(
        `the secrets of ${counted(old.count, 'enabled client')} (${namesOf(old.clientIds)}) are older than a year; ${previous}`,
        'renew them: symbolon client secret rotate',
      );
    },
  };
}

/** Which clients may use the password grant, which RFC 9700 §2.4 forbids. */
export function passwordGrantCheck(survey: SubjectSurvey): Check {
  return {
    name: 'password-grant',
    readsTables: true,
    deadlineMs,
    async run() {
      const { count, clientIds } = await survey.clientsWithPasswordGrant();
      if (count === 0) return ok('no enabled client may use the password grant');
      return warn(
        `${counted(count, 'enabled client')} (${namesOf(clientIds)}) may use the password grant, and so see the passwords of users`,
        'move them to the authorization code grant, and take password from their grant_types',
      );
    },
  };
}

/** Which clients get their authorization codes in clear (RFC 9700 §2.6). */
export function insecureRedirectsCheck(writer: DirectoryWriter): Check {
  return {
    name: 'insecure-redirects',
    readsTables: true,
    deadlineMs,
    async run() {
      const clientIds = await writer.clientsWithInsecureRedirects();
      if (clientIds.length === 0) return ok('no enabled client has insecure_redirect_uris');
      return warn(
        `${counted(clientIds.length, 'enabled client')} (${namesOf(clientIds)}) with insecure_redirect_uris: their authorization codes travel in clear`,
        'have them redirected to https, and take the member away',
      );
    },
  };
}
