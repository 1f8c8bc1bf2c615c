// Completion scripts, derived from the same table as the parser and the help, so that they offer only what exists.
import {RECIPE_NAMES} from '../arguments/flags/recipe-names.ts';
import {TOPIC_NAMES} from '../arguments/flags/topic-names.ts';
import type {CommandDefinition, CommandName, FlagDefinition, Shell} from '../arguments/flags.ts';
import {COMMANDS, FLAGS, getTypedName, isFlagOf, wordOf} from '../arguments/flags.ts';

/** @returns The script, to be read by the shell: `source <(fileproc-tui completions bash)`. */
export function completionScript(shell: Shell): string {
	const scripts = {bash: createBashScript, zsh: createZshScript, fish: createFishScript};
	return scripts[shell]();
}

const flagsOf = (command: CommandName): readonly FlagDefinition[] =>
	(FLAGS as readonly FlagDefinition[]).filter(flag => isFlagOf(flag, command));

const words = COMMANDS.map(command => wordOf(command));
const typedWordOf = (name: CommandName): string => {
	const command = COMMANDS.find(each => each.name === name);
	return command === undefined ? name : wordOf(command);
};
/** Without a word first. */
const allCommands: readonly CommandName[] = ['run', ...COMMANDS.map(({name}) => name)];

const spellings = (flag: FlagDefinition): string[] => [
	getTypedName(flag),
	...(flag.shortFlag === undefined ? [] : [`-${flag.shortFlag}`]),
];

/** Words that a command takes, where they are a closed list. */
const operandsOf = ({name, choices = []}: CommandDefinition): readonly string[] =>
	name === 'help' ? [...words, ...RECIPE_NAMES, ...TOPIC_NAMES, 'all'] : choices;

/** A single sign is typed sooner than completed, and a shell may take it for one of its own. */
const choicesOf = (flag: FlagDefinition): readonly string[] =>
	flag.type === 'string' && flag.choices !== undefined ? flag.choices.filter(choice => /^\w/.test(choice)) : [];

const completesOf = (flag: FlagDefinition): 'file' | 'directory' | 'none' =>
	(flag.type === 'string' ? flag.completes : undefined) ?? 'none';

/** In single quotes all three shells take everything literally, except for the quote itself. */
const quote = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

function createBashScript(): string {
	const cases = (FLAGS as readonly FlagDefinition[])
		.filter(flag => flag.type !== 'boolean')
		.map(flag => {
			const choices = choicesOf(flag);
			const option = {file: '-f', directory: '-d', none: null}[completesOf(flag)];
			const reply =
				choices.length > 0 ? `compgen -W ${quote(choices.join(' '))} -- "$current"` : `compgen ${option} -- "$current"`;
			const action = choices.length > 0 || option !== null ? `mapfile -t COMPREPLY < <(${reply})` : 'COMPREPLY=()';
			return `		${spellings(flag).join('|')}) ${action}; return ;;`;
		});
	const branches = allCommands.map(
		command =>
			`		${command === 'run' ? '*' : typedWordOf(command)}) flags=${quote(flagsOf(command).flatMap(spellings).join(' '))} ;;`,
	);
	const operands = COMMANDS.map(command => [wordOf(command), operandsOf(command)] as const)
		.filter(([, choices]) => choices.length > 0)
		.map(
			([word, choices]) =>
				`	[[ $command == ${word} ]] && { mapfile -t COMPREPLY < <(compgen -W ${quote(choices.join(' '))} -- "$current"); return; }`,
		);
	return `# bash completion (4 or later) for fileproc-tui: source <(fileproc-tui completions bash)
_fileproc_tui() {
	local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD-1]} command='' flags=''
	COMPREPLY=()
	# --flag=value is three words to bash.
	if [[ $current == = ]]; then
		current=''
	elif [[ $previous == = ]] && (( COMP_CWORD > 1 )); then
		previous=\${COMP_WORDS[COMP_CWORD-2]}
	fi
	if (( COMP_CWORD > 1 )); then command=\${COMP_WORDS[1]}; fi
	case $previous in
${cases.join('\n')}
	esac
	case $command in
${[...branches.slice(1), ...branches.slice(0, 1)].join('\n')}
	esac
	if [[ $current == -* ]]; then
		mapfile -t COMPREPLY < <(compgen -W "$flags" -- "$current")
		return
	fi
${operands.join('\n')}
	mapfile -t COMPREPLY < <(compgen -f -- "$current")
	if (( COMP_CWORD == 1 )); then
		mapfile -t -O "\${#COMPREPLY[@]}" COMPREPLY < <(compgen -W ${quote(words.join(' '))} -- "$current")
	fi
}
complete -o filenames -F _fileproc_tui fileproc-tui
`;
}

function createZshScript(): string {
	// In a specification for _arguments, brackets and colons are special.
	const escapeSpecial = (text: string): string => text.replace(/[[\]:\\]/g, '\\$&');
	const specify = (flag: FlagDefinition): string[] => {
		const choices = choicesOf(flag);
		const completes = {file: '_files', directory: '_files -/', none: ''}[completesOf(flag)];
		const action = choices.length > 0 ? `(${choices.join(' ')})` : completes;
		const value = flag.type === 'boolean' ? '' : `:${flag.name}:${action}`;
		const repeat = flag.type === 'string' && flag.isMultiple === true ? '*' : '';
		// The value of a long flag may follow `=`, that of a short one the letter itself.
		const joint = (name: string): string => (flag.type === 'boolean' ? '' : name.startsWith('--') ? '=' : '+');
		return spellings(flag).map(name =>
			quote(`${repeat}${name}${joint(name)}[${escapeSpecial(flag.description)}]${value}`),
		);
	};
	const branch = (command: CommandName, operand: string): string =>
		`		_arguments ${[...flagsOf(command).flatMap(specify), quote(operand)].join(' \\\n\t\t\t')}`;
	const branches = COMMANDS.map(command => {
		const files = 'completes' in command ? (command.completes === 'directory' ? '_files -/' : '_files') : '';
		const choices = operandsOf(command);
		const action = choices.length > 0 ? `(${choices.join(' ')})` : files;
		// The word of the command itself is the first operand.
		const place = command.argument.includes('...') ? '*' : '2';
		const operand = action === '' ? '1: :' : `${place}:${command.argument.replace(/[<>[\].]/g, '')}:${action}`;
		return `	${wordOf(command)})\n${branch(command.name, operand)} ;;`;
	});
	const described = COMMANDS.map(command => quote(`${wordOf(command)}:${escapeSpecial(command.description)}`));
	return `#compdef fileproc-tui
# zsh completion for fileproc-tui: fileproc-tui completions zsh > "\${fpath[1]}/_fileproc-tui"
_fileproc_tui() {
	local -a commands
	commands=(${described.join(' ')})
	if (( CURRENT == 2 )) && [[ $words[2] != -* ]]; then
		_describe command commands
	fi
	case $words[2] in
${branches.join('\n')}
	*)
${branch('run', '*:path:_files')} ;;
	esac
}
if [[ $funcstack[1] == _fileproc-tui ]]; then
	_fileproc_tui "$@"
else
	compdef _fileproc_tui fileproc-tui
fi
`;
}

function createFishScript(): string {
	const noCommand = `not __fish_seen_subcommand_from ${words.join(' ')}`;
	const lines = COMMANDS.flatMap(command => [
		`complete -c fileproc-tui -n '__fish_is_first_arg' -a ${wordOf(command)} -d ${quote(command.description)}`,
		...(operandsOf(command).length > 0
			? [
					`complete -c fileproc-tui -f -n '__fish_seen_subcommand_from ${wordOf(command)}' -a ${quote(operandsOf(command).join(' '))}`,
				]
			: []),
	]);
	for (const command of allCommands) {
		const condition = command === 'run' ? noCommand : `__fish_seen_subcommand_from ${typedWordOf(command)}`;
		for (const flag of flagsOf(command)) {
			const short = flag.shortFlag === undefined ? '' : ` -s ${flag.shortFlag}`;
			const choices = choicesOf(flag);
			const completes = completesOf(flag);
			const value = flag.type === 'boolean' ? '' : completes === 'file' ? ' -r -F' : ' -x';
			const folders = completes === 'directory' ? " -a '(__fish_complete_directories)'" : '';
			const values = choices.length > 0 ? ` -a ${quote(choices.join(' '))}` : folders;
			lines.push(
				`complete -c fileproc-tui -n '${condition}'${short} -l ${getTypedName(flag).slice(2)}${value}${values} -d ${quote(flag.description)}`,
			);
		}
	}
	return `# fish completion for fileproc-tui: fileproc-tui completions fish | source\n${lines.join('\n')}\n`;
}
