import { isHashable, maxSecretBytes } from '../domain/secret.js';
import { CommandError } from './command-error.js';
import { isInteractive, Questions } from './terminal.js';

/**
 * A new password: asked for twice at a terminal, where it is not shown, else a line of standard input.
 * @throws CommandError for one that is empty or too long, and where the two are not the same
 */
export async function askPassword(): Promise<string> {
  const questions = new Questions();
  try {
    const password = await questions.askHidden('Password');
    if (password === '') throw new CommandError('usage', 'the password is empty');
    if (!isHashable(password)) {
      throw new CommandError('usage', `the password is longer than ${maxSecretBytes} bytes`);
    }
    if (isInteractive() && (await questions.askHidden('Password again')) !== password) {
      throw new CommandError('usage', 'the two passwords are not the same');
    }
    return password;
  } finally {
    questions.close();
  }
}
