import { type Setting, settings } from '../../src/config/settings.js';

/** A setting whose default is put together from others. */
const computed: Readonly<Record<string, string>> = { ISSUER: 'http://HOST:PORT' };

/** docs/configuration.md, of the settings and of the example file. */
export function configurationPage(example: string): string {
  const rows = settings.map(({ name, fallback, meaning }: Setting) => {
    const value = fallback ?? computed[name];
    return `| \`${name}\` | ${value === undefined ? '' : `\`${value}\``} | ${meaning} |`;
  });
  return `# Configuration

<!-- Written by \`npm run docs\` from src/config/settings.ts and symbolon.example.yaml. -->

## Settings

Settings come from the environment. A bad one stops the start, and is named.

| setting | default | meaning |
| --- | --- | --- |
${rows.join('\n')}

A secret may be in a file that its setting with \`_FILE\` names; one newline at the end is left out, and only one of the two
can be set.

## Realms, clients and users

They come from one YAML file, \`CONFIG_FILE\`, which is applied at every start, and by \`symbolon apply FILE\` while a server
runs. What the file does not name stays as it is. \`\${NAME}\` is read from the environment, \`$\${\` stands for the
characters \`\${\`. \`\${file:/run/secrets/x}\` is read from that file, without a newline at its end; a relative path begins at the
folder of the YAML file. A key without a value is refused, and so is a \`\${NAME}\` that is set but empty: leave the key out to
keep its default, or a stored password or secret. Merge keys (\`<<\`) and anchors are followed. Keys that begin with \`x-\`, at
the top, in a realm, a client or a user, are your own: they may hold anchors, and are not read. \`symbolon apply -\` and
\`symbolon import tokens -\` read standard input.

\`\`\`yaml
${example.trimEnd()}
\`\`\`

Each entry is the whole record of its subject. \`enabled: false\` takes a subject out of service, \`state: absent\` removes
it; either ends all its tokens at once, and so does another password or secret. A password that still verifies against the
stored hash is no change, and neither is an imported hash that the server has replaced: \`password_hash\` and
\`client_secret_hash\` take those of many systems, as [password-hashes.md](password-hashes.md) lists them.

Every text that comes in is UTF-8: files, standard input, arguments and the environment. One that is not is refused, with its
line where it has lines. A byte order mark is left out. In the environment and in arguments, U+FFFD counts as bytes that are not
UTF-8.

A bad file is refused whole, with a line for each problem: file, line, key and reason, never a value, but for two user
names that are one where they are folded.
`;
}
