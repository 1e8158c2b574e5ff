import type { Completed, CompletedCommand } from './completion-words.js';

/**
 * A script for fish 3. It has a line for each word that can follow a command.
 * @param name of the program
 */
export function fishScript(name: string, commands: readonly CompletedCommand[]): string {
  const paths = commands.flatMap(({ path }) => (path === '' ? [] : [quoted(path)]));
  return `# Completion of ${name} for fish.
function __${name}_at --description 'whether the line names this command, and none below it'
    set --local path ''
    for word in (commandline --tokenize --cut-at-cursor --current-process)[2..-1]
        set --local longer (string trim -- "$path $word")
        contains -- "$longer" ${paths.join(' ')}
        and set path $longer
    end
    test "$path" = "$argv[1]"
end
complete --command ${name} --no-files
${commands.flatMap((command) => lines(name, command)).join('\n')}`;
}

function lines(name: string, { path, commands, options, argument }: CompletedCommand): string[] {
  const at = `complete --command ${name} --condition ${quoted(`__${name}_at ${quoted(path)}`)}`;
  const described = ({ description }: { readonly description: string }) =>
    `--description ${quoted(description)}`;
  return [
    ...commands.map((below) => `${at} --arguments ${quoted(below.name)} ${described(below)}`),
    ...(commands.length === 0 && argument !== undefined ? [`${at} ${offer(argument)}`.trimEnd()] : []),
    ...options.map((option) => {
      const { value } = option;
      const flags = option.flags.map((flag) =>
        flag.startsWith('--') ? `--long-option ${flag.slice(2)}` : `--short-option ${flag.slice(1)}`,
      );
      const takes = value === undefined ? [] : [value === 'file' ? '--require-parameter' : '--exclusive'];
      const offered = value === undefined ? [] : [offer(value)];
      const parts = [at, ...flags, ...takes, ...offered, described(option)];
      return parts.filter((part) => part !== '').join(' ');
    }),
  ];
}

function offer(value: Completed): string {
  if (value === 'text') return '';
  return value === 'file' ? '--force-files' : `--arguments ${quoted(value.join(' '))}`;
}

/** In fish a backslash escapes within single quotes, too. */
function quoted(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&')}'`;
}
