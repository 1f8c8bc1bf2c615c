// The help, derived from the table of flags. Examples come first, because most users need only one of them.
import {formatByteSize} from '../../text/byte-size.ts';
import {joinWords} from '../../text/join-words.ts';
import type {FlagDefinition, FlagGroup} from '../arguments/flags.ts';
import {COMMANDS, FLAGS, getTypedName, toCamelCase, wordOf} from '../arguments/flags.ts';
import {CONFIG_FILE_NAME, CONFIG_FLAGS} from '../config-file/config-names.ts';

export const EXAMPLES: readonly (readonly [command: string, purpose: string])[] = [
	['fileproc-tui ./data', 'all files of a folder'],
	["fileproc-tui 'exports/**/*.csv.gz' -j 8", 'up to 8 files at a time'],
	['cat big.csv | fileproc-tui -', 'standard input'],
	['fileproc-tui sniff ./data', 'what the files are like'],
	['fileproc-tui convert ./data -o clean.parquet', 'all sound records'],
	['fileproc-tui convert ./data -o out/ --rejects bad.csv', 'each file by itself'],
	['fileproc-tui watch ./inbox', 'each dropped file, once'],
	['fileproc-tui push https://files.example.org ./data', 'on a server'],
	['fileproc-tui ./data --json > report.json', 'for scripts'],
	['fileproc-tui ./data --group-by category --sum amount', 'a question'],
	['fileproc-tui ./data --report out.md --report out.json', 'reports besides'],
	['fileproc-tui generate ./sample --files 5 --rows 1000', 'files to try it on'],
];

const EXAMPLE_COLUMNS = Math.max(...EXAMPLES.map(([command]) => command.length));

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
		'ended by SIGHUP, SIGINT (Ctrl+C), SIGQUIT, SIGTERM; watch and serve, which run until then, end with 0 at the first one',
	],
];

/** The text about configuration files, for the help and the manual page. */
export const CONFIG_TEXT = `A configuration file sets them, too, as in {"maxErrors": 5}: ${CONFIG_FILE_NAME} beside the data (in the first folder given, or that of the first file) counts more than the one in the current folder, that one more than your own, $XDG_CONFIG_HOME/fileproc-tui/config.json (~/.config/... by default); each setting is taken from the first that has it, and variables and flags win over all of them. Only your own may set ${joinWords(ownNames(), 'and')}: the others may have come with the data, and set how files are read and how the run looks.`;

function ownNames(): string[] {
	return [...CONFIG_FLAGS.filter(({config}) => config === 'own').map(({name}) => toCamelCase(name)), 'keys'];
}

/** With fewer columns a table of two columns would have one word per line. */
const MINIMUM_COLUMNS = 60;

/**
Writes the help as plain text.

@param columns - Maximum line width.
*/
export function helpText(columns = 80): string {
	const width = Math.max(MINIMUM_COLUMNS, Math.min(columns, 100));
	const flags: readonly FlagDefinition[] = FLAGS;
	const groups = GROUPS.flatMap(group => [
		'',
		group,
		...formatTable(
			flags.filter(flag => flag.group === group).map(flag => [formatFlag(flag), describeFlag(flag)]),
			width,
			FLAG_COLUMNS,
		),
	]);
	const lines = [
		'Examples',
		...EXAMPLES.flatMap(([command, purpose]) => formatExample(command, purpose, width)),
		'',
		'Usage',
		...formatTable(
			[
				['fileproc-tui [flags] <path...>', 'Files, folders, globs, - for standard input'],
				...COMMANDS.map(
					command => [`fileproc-tui ${wordOf(command)} ${command.argument}`.trimEnd(), command.description] as const,
				),
			],
			width,
			'fileproc-tui completions <shell>'.length,
		),
		...groups,
		'',
		...wrap(
			"Patterns, in quotes, are those of bash: * ? [a-z] {a,b} ** +(a|b). A file or folder that really has such a name wins, and \\ takes the meaning from the character behind it: 'a\\*b.csv'. Links to folders that a walk or a wildcard meets are skipped; --follow goes through them.",
			width,
		),
		'',
		...wrap(
			'A flag of a run can also be set by a variable: --max-errors 5 is FILEPROC_MAX_ERRORS=5. A flag wins over its variable. Paths that look like flags come after --.',
			width,
		),
		'',
		...wrap(CONFIG_TEXT, width),
		'',
		'Exit codes',
		...formatTable(EXIT_CODES, width, 18),
		'',
		...wrap(
			'Data goes to stdout, messages to stderr. Press ? in the dashboard for its keys. fileproc-tui config shows the settings in use. The README that came with the package explains the rest.',
			width,
		),
	];
	return `${lines.join('\n')}\n`;
}

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

function formatExample(command: string, purpose: string, width: number): string[] {
	const line = `  ${command.padEnd(EXAMPLE_COLUMNS)}  ${purpose}`;
	return line.length <= width ? [line] : [`  ${command}`, ...wrap(purpose, width - 6).map(part => `      ${part}`)];
}

/** Two columns; a left cell that is too wide gets its own line. */
function formatTable(
	rows: readonly (readonly [left: string, right: string])[],
	width: number,
	leftColumns: number,
): string[] {
	const indent = ' '.repeat(leftColumns + 4);
	return rows.flatMap(([left, right]) => {
		const [first = '', ...others] = wrap(right, width - indent.length);
		const isTooWide = left.length > leftColumns;
		const head = isTooWide ? [`  ${left}`, `${indent}${first}`] : [`  ${left.padEnd(leftColumns)}  ${first}`];
		return [...head.map(line => line.trimEnd()), ...others.map(line => `${indent}${line}`)];
	});
}

function wrap(text: string, width: number): string[] {
	const lines: string[] = [];
	let line = '';
	for (const word of text.split(' ')) {
		if (line !== '' && line.length + 1 + word.length > width) {
			lines.push(line);
			line = word;
		} else {
			line = line === '' ? word : `${line} ${word}`;
		}
	}
	return [...lines, line];
}
