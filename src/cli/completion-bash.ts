import type { Completed, CompletedCommand } from './completion-words.js';

/**
 * A script for bash 3.2 or later. It walks the words of the line down to the last command that they name, and offers what can
 * follow it.
 * @param name of the program
 */
export function bashScript(name: string, commands: readonly CompletedCommand[]): string {
  const paths = commands.flatMap(({ path }) => (path === '' ? [] : [quoted(path)]));
  return `# Completion of ${name} for bash.
_${name}_words() { local IFS=$' \\t\\n'; COMPREPLY=($(compgen -W "$1" -- "$cur")); }
_${name}_files() { local IFS=$'\\n'; COMPREPLY=($(compgen -f -- "$cur")); compopt -o filenames 2> /dev/null; }
_${name}() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD - 1]} path='' word
  COMPREPLY=()
  # bash makes a word of the = in --option=value.
  if [[ $cur == = ]]; then cur=''; elif [[ $prev == = ]]; then prev=\${COMP_WORDS[COMP_CWORD - 2]}; fi
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "\${path:+$path }$word" in
      ${paths.join(' | ')}) path=\${path:+$path }$word ;;
    esac
  done
  case "$path $prev" in
${commands.flatMap((command) => valueCases(name, command)).join('\n')}
  esac
  case "$path" in
${commands.map((command) => wordCase(name, command)).join('\n')}
  esac
}
complete -F _${name} ${name}`;
}

/** What follows the options of a command that take a value. */
function valueCases(name: string, { path, options }: CompletedCommand): string[] {
  return options.flatMap(({ flags, value }) => {
    if (value === undefined) return [];
    const pattern = flags.map((flag) => quoted(`${path} ${flag}`)).join(' | ');
    return [`    ${pattern}) ${offer(name, value)}; return ;;`];
  });
}

/** What follows a command: its options behind a dash, else the commands below it or its arguments. */
function wordCase(name: string, { path, commands, options, argument = 'text' }: CompletedCommand): string {
  const flags = options.flatMap((option) => option.flags);
  const words = commands.length > 0 ? commands.map((command) => command.name) : argument;
  return `    ${quoted(path)})
      if [[ $cur == -* ]]; then ${offer(name, flags)}; else ${offer(name, words)}; fi ;;`;
}

function offer(name: string, value: Completed): string {
  if (value === 'text') return ':';
  return value === 'file' ? `_${name}_files` : `_${name}_words ${quoted(value.join(' '))}`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
