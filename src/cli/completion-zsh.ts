import type { Completed, CompletedCommand, CompletedOption, Word } from './completion-words.js';

/**
 * A script for zsh 5, as a file `_NAME` in a folder of `fpath`, or to be sourced after `compinit`. It works as that for bash,
 * and shows descriptions.
 * @param name of the program
 */
export function zshScript(name: string, commands: readonly CompletedCommand[]): string {
  const paths = commands.flatMap(({ path }) => (path === '' ? [] : [quoted(path)]));
  return `#compdef ${name}
_${name}() {
  local command_path='' word
  local -a offered
  for word in "\${(@)words[2,CURRENT-1]}"; do
    case "\${command_path:+$command_path }$word" in
      ${paths.join(' | ')}) command_path="\${command_path:+$command_path }$word" ;;
    esac
  done
  # --option=value is one word.
  if [[ $PREFIX == --*=* ]]; then
    word=\${PREFIX%%=*}
    compset -P '*='
  else
    word=\${words[CURRENT-1]}
  fi
  case "$command_path $word" in
${commands.flatMap(valueCases).join('\n')}
  esac
  case "$command_path" in
${commands.map(wordCase).join('\n')}
  esac
}
if [[ $funcstack[1] == _${name} ]]; then _${name} "$@"; else compdef _${name} ${name}; fi`;
}

function valueCases({ path, options }: CompletedCommand): string[] {
  return options.flatMap(({ flags, value }) => {
    if (value === undefined) return [];
    const pattern = flags.map((flag) => quoted(`${path} ${flag}`)).join(' | ');
    return [`    ${pattern}) ${offer(value)}; return ;;`];
  });
}

function wordCase({ path, commands, options, argument = 'text' }: CompletedCommand): string {
  return `    ${quoted(path)})
      if [[ $PREFIX == -* ]]; then ${describe(options.flatMap(flagWords))}
      else ${commands.length > 0 ? describe(commands) : offer(argument)}; fi ;;`;
}

function flagWords({ flags, description }: CompletedOption): Word[] {
  return flags.map((name) => ({ name, description }));
}

/** zsh takes `name:description`, and neither may have a colon of its own without a backslash. */
function describe(words: readonly Word[]): string {
  const lines = words.map(({ name, description }) =>
    quoted(`${name.replaceAll(':', '\\:')}:${description.replaceAll(':', '\\:')}`),
  );
  return `offered=(${lines.join(' ')}); _describe '' offered`;
}

function offer(value: Completed): string {
  if (value === 'text') return '_message value';
  return value === 'file' ? '_files' : `compadd -- ${value.map(quoted).join(' ')}`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
