// The manual page, in the language of man(7), derived from the same tables as the help: `fileproc-tui man | man -l -`.
import {KEYMAP} from '../../ui/commands/keymap.ts';
import {RECIPE_NAMES} from '../arguments/flags/recipe-names.ts';
import {TOPIC_NAMES, TOPICS} from '../arguments/flags/topic-names.ts';
import type {FlagDefinition} from '../arguments/flags.ts';
import {COMMANDS, FLAGS, getTypedName, wordOf} from '../arguments/flags.ts';
import {KEYS_VARIABLE} from '../arguments/read-variables.ts';
import {CONFIG_FILE_NAME} from '../config-file/config-names.ts';
import {CONFIG_TEXT, describeFlag, EXIT_CODES, GROUPS} from './help.ts';
import {EXAMPLES} from './help-examples.ts';
import {RECIPES} from './recipes.ts';

/** @returns The page, in ASCII. */
export function manualPage(version: string): string {
	return `${[
		// Without a date: the same version gives the same page.
		`.TH FILEPROC\\-TUI 1 "" "fileproc\\-tui ${roff(version)}" "User Commands"`,
		'.SH NAME',
		'fileproc\\-tui \\- process folders of CSV files in a full\\-screen terminal dashboard',
		'.SH SYNOPSIS',
		...synopsis('[flags] <path...>'),
		...COMMANDS.flatMap(command => synopsis(`${wordOf(command)} ${command.argument}`.trimEnd(), '.br')),
		'.SH DESCRIPTION',
		paragraph(
			'Reads every file once, several at a time, and shows each one while it is read, with its progress, speed and remaining time; at the end a summary, which stays in the scrollback. Results are exact, and the same for any number of threads. Without a terminal to draw on it prints plain lines, for scripts a report in JSON.',
		),
		'.PP',
		paragraph(
			'A path is a file, a folder (walked for .csv .tsv .txt .log and their .gz .zst .br, for .parquet, and for .zip and .tar), a pattern like *.csv, or - for data on standard input. A file of the name of a command is reached as ./config, one that looks like a flag after --.',
		),
		'.SH COMMANDS',
		...COMMANDS.flatMap(command =>
			item(
				[
					`\\fB${roff(wordOf(command))}\\fR${command.argument === '' ? '' : ` ${command.argument.split(' ').map(placeholder).join(' ')}`}`,
				],
				command.description,
			),
		),
		'.SH OPTIONS',
		...GROUPS.flatMap(group => [
			`.SS ${roff(group)}`,
			...flags.filter(flag => flag.group === group).flatMap(flag => item([formatNames(flag)], describeFlag(flag))),
		]),
		'.SH KEYS',
		paragraph('In brackets the name of the action, by which a configuration file gives it other keys.'),
		...KEYMAP.flatMap(({action, label, help}) => item([`\\fB${roff(label[1])}\\fR`], `${help} [${action}]`)),
		'.SH ENVIRONMENT',
		paragraph(
			'A flag wins over its variable. Several reports stand in one variable as folders do in PATH, several addresses with commas between them.',
		),
		...flags.flatMap(flag =>
			flag.env === undefined ? [] : item([`\\fB${roff(flag.env)}\\fR`], describeVariable(flag)),
		),
		...item(
			['FORCE_COLOR', 'NO_COLOR', 'CLICOLOR_FORCE', 'CLICOLOR'].map(name => `\\fB${roff(name)}\\fR`),
			'Whether there are colours, in this order, where --color does not say.',
		),
		...item(
			['\\fBFILEPROC_TOKEN\\fR'],
			'The token that is sent to a server, where --token-file names none; it wins over that of login.',
		),
		...item(
			[`\\fB${roff(KEYS_VARIABLE)}\\fR`],
			'Keys of the dashboard, as in a configuration file: {"cancel": ["X", "delete"]}.',
		),
		...item(
			['\\fBCREDENTIALS_DIRECTORY\\fR'],
			'A folder of systemd (LoadCredential), where serve finds tls-cert, tls-key, metrics-token, smtp-url and oidc-client-secret.',
		),
		...item(['\\fBSSH_CONNECTION\\fR'], 'Where it is set, 4 frames a second are drawn instead of 10.'),
		...item(['\\fBCOLORFGBG\\fR'], 'What the terminal draws on, where --background does not say.'),
		...item(['\\fBACCESSIBLE\\fR', '\\fBINK_SCREEN_READER\\fR'], 'With 1 or true: as --screen-reader.'),
		'.SH FILES',
		...item(
			[`\\fI${roff(CONFIG_FILE_NAME)}\\fR`, '\\fI$XDG_CONFIG_HOME/fileproc\\-tui/config.json\\fR'],
			`${CONFIG_TEXT} fileproc-tui config --schema prints the schema for editors.`,
		),
		...item(
			['\\fI$XDG_CONFIG_HOME/fileproc\\-tui/logins/\\fR'],
			'The tokens of login, which only their user may read.',
		),
		'.SH EXIT STATUS',
		...EXIT_CODES.flatMap(([code, meaning]) => item([`\\fB${code}\\fR`], meaning)),
		'.SH EXAMPLES',
		...EXAMPLES.flatMap(([command, purpose]) => item([`\\fB${roff(command)}\\fR`], purpose)),
		'.SH RECIPES',
		paragraph('Each is also what fileproc-tui help and its name print.'),
		...RECIPE_NAMES.flatMap(name => {
			const {title, steps, notes} = RECIPES[name];
			return [
				`.SS ${roff(`${name}: ${title}`)}`,
				...steps.flatMap(([command, purpose]) => item([`\\fB${roff(command)}\\fR`], purpose)),
				...notes.flatMap(note => ['.PP', paragraph(note)]),
			];
		}),
		'.SH TOPICS',
		paragraph('What fileproc-tui help and their names explain.'),
		...TOPIC_NAMES.flatMap(name => item([`\\fB${roff(name)}\\fR`], TOPICS[name])),
	].join('\n')}\n`;
}

/** A variable sets the value of its flag, so 0 switches off a flag that is typed as a negation. */
const describeVariable = (flag: FlagDefinition): string =>
	getTypedName(flag) === `--${flag.name}` ? `As ${getTypedName(flag)}.` : `With 0, as ${getTypedName(flag)}.`;

const flags: readonly FlagDefinition[] = FLAGS;

/**
A backslash is special anywhere, a dot or an apostrophe at the beginning of a line; a bare dash may be typeset as a hyphen.
*/
const roff = (text: string): string =>
	text
		.replaceAll('\\', '\\e')
		.replaceAll('-', '\\-')
		.replace(/^([.'])/, '\\&$1');

/** The viewer breaks this text into lines; each sentence is one line of the source. */
const paragraph = (text: string): string => roff(text);

const item = (names: readonly string[], text: string): string[] => [
	'.TP',
	...names.flatMap((name, index) => (index === 0 ? [name] : ['.TQ', name])),
	roff(text),
];

const synopsis = (words: string, before?: string): string[] => [
	...(before === undefined ? [] : [before]),
	`\\fBfileproc\\-tui\\fR ${words.split(' ').map(formatWord).join(' ')}`,
];

const formatWord = (word: string): string => (/^[<[]/.test(word) ? placeholder(word) : `\\fB${roff(word)}\\fR`);

/** `<file>` becomes italic without its brackets; `[path...]` keeps them, because they mean that it is optional. */
function placeholder(text: string): string {
	// Each of several arguments is formatted separately.
	if (text.includes('|'))
		return text
			.split('|')
			.map(part => placeholder(part))
			.join('|');
	const [, open = '', name = '', close = '', unit = ''] = /^([<[]?)(.*?)([>\]]?)(%?)$/.exec(text) ?? [];
	return open === '[' ? `[\\fI${roff(name)}\\fR${roff(close)}` : `\\fI${roff(name)}\\fR${unit}`;
}

function formatNames(flag: FlagDefinition): string {
	const names = [...(flag.shortFlag === undefined ? [] : [`-${flag.shortFlag}`]), getTypedName(flag)];
	const value = flag.type === 'boolean' ? '' : ` ${placeholder(flag.placeholder)}`;
	return `${names.map(name => `\\fB${roff(name)}\\fR`).join(', ')}${value}`;
}
