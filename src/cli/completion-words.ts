import type { Argument, Command, Option } from 'commander';

/** What may stand in a place: the name of a file, one of some words, or a text that nobody can guess. */
export type Completed = 'file' | 'text' | readonly string[];

/** A word with a line that says what it means. */
export interface Word {
  readonly name: string;
  readonly description: string;
}

/** An option of a command. */
export interface CompletedOption {
  /** `--json`, and a short form where there is one. */
  readonly flags: readonly string[];
  readonly description: string;
  /** What follows it; undefined where nothing does. */
  readonly value?: Completed;
}

/** What can follow the words that name a command. */
export interface CompletedCommand {
  /** The names of the command and those above it, without that of the program: `client list`; empty for the program. */
  readonly path: string;
  readonly commands: readonly Word[];
  readonly options: readonly CompletedOption[];
  /** What its arguments are; undefined where it has none. */
  readonly argument?: Completed;
}

/** A command and all below it. */
export function completedCommands(command: Command, path = ''): CompletedCommand[] {
  const help = command.createHelp();
  const commands = help.visibleCommands(command);
  const [argument] = command.registeredArguments;
  const own: CompletedCommand = {
    path,
    commands: commands.map((below) => ({ name: below.name(), description: below.description() })),
    options: help.visibleOptions(command).map(completedOption),
    argument: argument && argumentValue(argument),
  };
  return [
    own,
    ...command.commands.flatMap((below) => completedCommands(below, `${path} ${below.name()}`.trimStart())),
  ];
}

function completedOption({
  long,
  short,
  description,
  flags,
  required,
  optional,
  argChoices,
}: Option): CompletedOption {
  const takes = required || optional;
  return {
    flags: [long, short].filter((flag) => flag !== undefined),
    description,
    value: takes ? (argChoices ?? kindOf(flags)) : undefined,
  };
}

function argumentValue(argument: Argument): Completed {
  return argument.argChoices ?? kindOf(argument.name());
}

/** By the house's convention, the name of a value that is a file's is FILE. */
function kindOf(name: string): 'file' | 'text' {
  return /\bfile\b/i.test(name.replace(/^.*--\S+/, '')) ? 'file' : 'text';
}
