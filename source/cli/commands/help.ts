// The help, derived from the table of flags. Examples come first, because most users need only one of them.
import {formatByteSize} from '../../text/byte-size.ts';
import {joinWords} from '../../text/join-words.ts';
import type {CommandDefinition, CommandName} from '../arguments/flags/definition.ts';
import {RECIPE_NAMES, type RecipeName} from '../arguments/flags/recipe-names.ts';
import {TOPIC_NAMES, TOPICS, type TopicName} from '../arguments/flags/topic-names.ts';
import type {FlagDefinition, FlagGroup} from '../arguments/flags.ts';
import {COMMANDS, FLAGS, getTypedName, isFlagOf, toCamelCase, wordOf} from '../arguments/flags.ts';
import {CONFIG_FILE_NAME, CONFIG_FLAGS} from '../config-file/config-names.ts';
import {EXAMPLES, EXAMPLES_OF} from './help-examples.ts';
import {formatExamples, formatTable, wrap} from './help-layout.ts';
import {RECIPES} from './recipes.ts';
import {topicLines} from './topics/topic-lines.ts';
import {topicText} from './topics/topic-text.ts';

export const GROUPS: readonly FlagGroup[] = [
	'Work',
	'Questions',
	'Bad data and failures',
	'Limits',
	'Output',
	'Look',
	'Log',
	'Ledger',
	'Convert',
	'Watched folder',
	'Follow',
	'Workers',
	'Server',
	'Client',
	'Generate',
	'Replay',
	'Configuration',
	'General',
];

export const EXIT_CODES: readonly (readonly [code: string, meaning: string])[] = [
	['0', 'all well'],
	['1', 'some file failed or has no accepted record (see --fail-on)'],
	['2', 'wrong usage'],
	['3', 'the environment: disk, permissions, a configuration file, a server'],
	['4', 'nothing matched'],
	['70', 'a bug in fileproc-tui'],
	[
		'129, 130, 131, 143',
		'ended by SIGHUP, SIGINT (Ctrl+C), SIGQUIT, SIGTERM; this is also how watch and serve end, which run until then',
	],
];

/** The text about configuration files, for the help and the manual page. */
export const CONFIG_TEXT = `A configuration file sets them, too, as in {"maxErrors": 5}: ${CONFIG_FILE_NAME} beside the data (in the first folder given, or that of the first file) counts more than the one in the current folder, that one more than your own, $XDG_CONFIG_HOME/fileproc-tui/config.json (~/.config/... by default); each setting is taken from the first that has it, and variables and flags win over all of them. Only your own may set ${joinWords(ownNames(), 'and')}: the others may have come with the data, and set how files are read and how the run looks.`;

function ownNames(): string[] {
	return [...CONFIG_FLAGS.filter(({config}) => config === 'own').map(({name}) => toCamelCase(name)), 'keys'];
}

/** With fewer columns a table of two columns would have one word per line. */
const MINIMUM_COLUMNS = 60;

/** What help is asked for: that of a command, of all of them, or how to begin. */
export type HelpTopic = CommandName | RecipeName | TopicName | 'all';

/**
Writes help as plain text.

@param columns - Maximum line width.
@param topic - `null`: how to begin.
*/
export function helpText(topic: HelpTopic | null, columns = 80): string {
	const width = Math.max(MINIMUM_COLUMNS, Math.min(columns, 100));
	const lines =
		topic === 'all'
			? [...beginning(width, text => text), ...flagLines(FLAGS, width), ...rules(width)]
			: topic === null || topic === 'help'
				? [...beginning(width, firstPartOf), ...whereToGoOn(width)]
				: isRecipe(topic)
					? ofRecipe(topic, width)
					: isTopic(topic)
						? [...wrap(TOPICS[topic], width), '', ...topicLines(topicText(topic), width)]
						: ofCommand(topic, width);
	return `${lines.join('\n')}\n`;
}

/** Enough to find a command by. */
const firstPartOf = (description: string): string => description.split(/[:;,]/)[0] ?? '';

/** @param shown - What of the description of a command is shown. */
function beginning(width: number, shown: (description: string) => string): string[] {
	return [
		'Examples',
		...formatExamples(EXAMPLES, width),
		'',
		'Usage',
		...formatTable(
			[
				['fileproc-tui [flags] <path...>', RUN_DESCRIPTION],
				...COMMANDS.map(command => [usageOf(command), shown(command.description)] as const),
			],
			width,
			'fileproc-tui completions <shell>'.length,
		),
	];
}

const isRecipe = (topic: HelpTopic): topic is RecipeName => RECIPE_NAMES.some(name => name === topic);

const isTopic = (topic: HelpTopic): topic is TopicName => TOPIC_NAMES.some(name => name === topic);

function ofRecipe(name: RecipeName, width: number): string[] {
	const {title, steps, notes} = RECIPES[name];
	return [title, ...formatExamples(steps, width), ...notes.flatMap(note => ['', ...wrap(note, width)])];
}

const whereToGoOn = (width: number): string[] => [
	'',
	'From the first command on',
	...formatTable(
		RECIPE_NAMES.map(name => [`fileproc-tui help ${name}`, RECIPES[name].title] as const),
		width,
		'fileproc-tui completions <shell>'.length,
	),
	'',
	...wrap(`To look something up, fileproc-tui help and ${joinWords(TOPIC_NAMES, 'or')}.`, width),
	'',
	...wrap(
		'fileproc-tui <command> --help has examples and all flags of a command, fileproc-tui ./data --help those of a run, and fileproc-tui help all everything. -v, --version says which version this is.',
		width,
	),
];

function ofCommand(name: Exclude<CommandName, 'help'>, width: number): string[] {
	const command = COMMANDS.find(each => each.name === name);
	const usage = command === undefined ? 'fileproc-tui [flags] <path...>' : usageOf(command);
	const flags = (FLAGS as readonly FlagDefinition[]).filter(flag => isFlagOf(flag, name));
	return [
		'Examples',
		...formatExamples(EXAMPLES_OF[name], width),
		'',
		'Usage',
		`  ${usage}`,
		...wrap(command?.description ?? RUN_DESCRIPTION, width - 6).map(line => `      ${line}`),
		...flagLines(flags, width),
		...(name === 'run'
			? rules(width)
			: ['', ...wrap('fileproc-tui help all has all commands, flags and exit codes.', width)]),
	];
}

const RUN_DESCRIPTION = 'Files, folders, globs, - for standard input';

const usageOf = (command: CommandDefinition): string => `fileproc-tui ${wordOf(command)} ${command.argument}`.trimEnd();

/** Where there are flags of one command alone, their groups come first. */
function groupsOf(flags: readonly FlagDefinition[]): readonly FlagGroup[] {
	if (flags.length === FLAGS.length) return GROUPS;
	const isOwn = (group: FlagGroup): boolean => flags.some(flag => flag.group === group && flag.commands?.length === 1);
	return GROUPS.toSorted((one, other) => Number(isOwn(other)) - Number(isOwn(one)));
}

/** Groups without a flag are left out. */
const flagLines = (flags: readonly FlagDefinition[], width: number): string[] =>
	groupsOf(flags).flatMap(group => {
		const own = flags.filter(flag => flag.group === group);
		if (own.length === 0) return [];
		const rows = own.map(flag => [formatFlag(flag), describeFlag(flag)] as const);
		return ['', group, ...formatTable(rows, width, FLAG_COLUMNS)];
	});

const rules = (width: number): string[] => [
	'',
	...wrap(
		"Patterns, in quotes, are those of bash: * ? [a-z] {a,b} ** +(a|b). A file or folder that really has such a name wins, and \\ takes the meaning from the character behind it: 'a\\*b.csv'. Links to folders that a walk or a wildcard meets are skipped; --follow goes through them.",
		width,
	),
	'',
	...wrap(
		'A flag of a run or of serve can also be set by a variable: --max-errors 5 is FILEPROC_MAX_ERRORS=5. A flag wins over its variable. Paths that look like flags come after --.',
		width,
	),
	'',
	...wrap(CONFIG_TEXT, width),
	'',
	'Exit codes',
	...formatTable(EXIT_CODES, width, 18),
	'',
	...wrap(
		'Data goes to stdout, messages to stderr. Press ? in the dashboard for its keys. fileproc-tui config shows the settings in use. fileproc-tui help names the topics that explain the rest.',
		width,
	),
];

const FLAG_COLUMNS = '    --files-from <file>'.length;

/** `-j, --concurrency <n>`, with the long names of all flags aligned. */
export function formatFlag(flag: FlagDefinition): string {
	const short = flag.shortFlag === undefined ? '    ' : `-${flag.shortFlag}, `;
	const placeholder = flag.type === 'boolean' ? '' : ` ${flag.placeholder}`;
	return `${short}${getTypedName(flag)}${placeholder}`;
}

function defaultTextOf(flag: FlagDefinition): string | undefined {
	if (flag.type === 'boolean' || flag.default === null) return undefined;
	return flag.type === 'size' ? formatByteSize(flag.default) : String(flag.default);
}

/** The description, and its default in brackets. */
export function describeFlag(flag: FlagDefinition): string {
	const text = flag.defaultText ?? defaultTextOf(flag);
	return text === undefined ? flag.description : `${flag.description} [${text}]`;
}
