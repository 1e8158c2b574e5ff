import { createHash, pbkdf2Sync } from 'node:crypto';

/** The password of every hash below; its accents are composed, and two bytes each. */
export const password = 'Pässwörd 12';

const letters = String.raw`abcdefghijklmnopqrstuuILcTRCArjD9clfipT0GKI/fs/h5.Mse`;

/** Hashes that are cheap to guess, by their forms. Python's hashlib has made them. */
export const fastHashes = {
  '{SSHA}': '{SSHA}9shMlYxUwVwnbJxB2CV5fO5I9PgBAgMEBQYHCA==',
  '{SSHA256}': '{SSHA256}s2UepcfWJxj+2k8l+rH11A114eRB4gCHnE7ldxKoZXsBAgMEBQYHCA==',
  '{SSHA384}': '{SSHA384}YYZU+ITmAksEw3xqzAGUzeTX98I7exTTVzMe3ec0hubEnf6ofzUgzARmCiEXQGesAQIDBAUGBwg=',
  '{SSHA512}':
    '{SSHA512}2+MtOHzX07URQr4uNGSqFj0PSWcfhcG8x9wyEv3Q6zWGAZ1ovbL2YAibNjYTvommSZ13zWQWIIOdMgI/V6VUcgECAwQFBgcI',
  '{PBKDF2-HMAC-SHA256}10':
    '{PBKDF2-HMAC-SHA256}10:UOFIzww2RuMHyIqbbyRzuFdpe36Ty9adfYlAv9KLz7IQERITFBUWFxgZGhscHR4f',
} as const;

/** The others. Python's hashlib, and glibc's crypt for bcrypt, have made them. */
export const slowHashes = {
  '{PBKDF2}10000': '{PBKDF2}10000:0VtbooLG/fRVSy+cIww6Fhbic5MQERITFBUWFxgZGhscHR4f',
  '{PBKDF2-HMAC-SHA512}10000':
    '{PBKDF2-HMAC-SHA512}10000:dgOei632MhrPyEiJuZqzxbDP5qOrXlSloKC1UaszETO5UoXESO83LSnzVxG5Nk96FcJt21xqK5lO2RLtZ3v0OxAREhMUFRYXGBkaGxwdHh8=',
  'Ory’s': '$pbkdf2-sha256$i=100000,l=32$EBESExQVFhcYGRobHB0eHw$k8g4d/hqcJkjJQtkOFygnyz8w54DLjhdbnm8MdpPsog',
  'Keycloak’s, of two blocks':
    '$pbkdf2-sha256$i=27500,l=64$EBESExQVFhcYGRobHB0eHw$/HYWMQoT6oeVldB3lFKwlYzFtzZ3EBHkV5+KGKOf/uBbDs8B4WQJxnLJb508mGXnYyaH52exgb7DvfWHJLUL5Q',
  'Keycloak’s of today':
    '$pbkdf2-sha512$i=210000,l=64$EBESExQVFhcYGRobHB0eHw$OcoQKnBpAk/qUUTizFuHnpwKMWG0hwH6NbQD+eEvn+onA7csqhryu+fYECEGQOz5EusUXP/VjXEGgC4cX76shg',
  'Django’s': 'pbkdf2_sha256$12000$seasalt$K6LB8GmUP63qzUyhHffV2MWbFC2KTYuFnqWaM1TzxC8=',
  $2a$: `$2a$05$${letters}`,
  $2b$: `$2b$05$${letters}`,
  $2y$: `$2y$05$${letters}`,
  '{BCRYPT}': `{BCRYPT}$2a$05$${letters}`,
} as const;

/** A hash of the form `{SSHA}`, of eight bytes of salt. */
export function ssha(secret: string, salt = 'saltsalt'): string {
  return `{SSHA}${Buffer.concat([
    createHash('sha1')
      .update(secret + salt)
      .digest(),
    Buffer.from(salt),
  ]).toString('base64')}`;
}

/** A hash of Django's form. */
export function django(secret: string, iterations: number, salt = 'saltsalt'): string {
  const digest = pbkdf2Sync(secret, salt, iterations, 32, 'sha256').toString('base64');
  return `pbkdf2_sha256$${iterations}$${salt}$${digest}`;
}
