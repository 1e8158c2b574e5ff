import { Argument, type Command } from 'commander';
import { bashScript } from './completion-bash.js';
import { fishScript } from './completion-fish.js';
import { type CompletedCommand, completedCommands } from './completion-words.js';
import { zshScript } from './completion-zsh.js';
import { print } from './terminal.js';

const scripts = { bash: bashScript, zsh: zshScript, fish: fishScript } as const satisfies Record<
  string,
  (name: string, commands: readonly CompletedCommand[]) => string
>;

type Shell = keyof typeof scripts;

const help = `
For this shell and those to come:
  bash  add the line  source <(symbolon completion bash)  to ~/.bashrc
  zsh   symbolon completion zsh > "\${fpath[1]}/_symbolon"; or the line  source <(symbolon completion zsh)  in ~/.zshrc,
        after compinit
  fish  symbolon completion fish > ~/.config/fish/completions/symbolon.fish
The script is that of this version: make it again after an upgrade.`;

/** Adds `completion`: scripts that let a shell complete commands, options and their values. */
export function addCompletion(program: Command): void {
  program
    .command('completion')
    .description('print a script that lets a shell complete the words of this command line')
    .addArgument(new Argument('<SHELL>', 'the shell').choices(Object.keys(scripts)))
    .addHelpText('after', help)
    .action((shell: Shell) => print(scripts[shell](program.name(), completedCommands(program))));
}
