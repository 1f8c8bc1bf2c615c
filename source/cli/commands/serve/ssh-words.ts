// What may be asked behind `ssh <host>`: a few of the commands for servers, with those of their flags that touch no file of the server's machine.
import {remoteLocationOf, type S3Location} from '../../../remote/remote-location.ts';
import {splitWords} from '../../../ssh/split-words.ts';

export type SshWords =
	| {readonly type: 'status'; readonly isJson: boolean}
	| {readonly type: 'help'}
	/** `words`: behind the address of the server. */
	| {readonly type: 'command'; readonly command: string; readonly words: readonly string[]}
	/** A file on standard input, to be processed as `run` does here. */
	| {readonly type: 'run-input'; readonly words: readonly string[]}
	/** An object of a store, which the server reads with credentials of its own. */
	| {readonly type: 'run-object'; readonly object: S3Location; readonly words: readonly string[]}
	| {readonly type: 'refused'; readonly reason: string};

interface Allowed {
	readonly example: string;
	readonly does: string;
	/** Those with a value behind them. */
	readonly valued: readonly string[];
	readonly plain: readonly string[];
	/** How many words it takes at most. */
	readonly operands: number;
}

const MANY = Number.POSITIVE_INFINITY;

/** All that match, in place of ids. Nobody can be asked, so it takes --yes. */
const ALSO_ALL = {valued: ['--q'], plain: ['--json', '--yes', '--dry-run'], operands: MANY} as const;

const COMMANDS: Readonly<Record<string, Allowed>> = {
	status: {example: 'status --json', does: 'how many tasks there are', valued: [], plain: ['--json'], operands: 0},
	history: {
		...{example: 'history status:failed', does: 'your tasks, or those that fit the terms'},
		...{valued: ['--limit'], plain: ['--json'], operands: MANY},
	},
	files: {
		...{example: 'files size>1GB', does: 'your files, or those that fit the terms'},
		...{valued: ['--limit'], plain: ['--json'], operands: MANY},
	},
	get: {
		...{example: 'get r_4kq09xz1 --csv > sales.csv', does: 'a result, a table of it, its rejected records, or a file'},
		...{valued: ['--table'], plain: ['--json', '--csv', '--parquet', '--rejects'], operands: 1},
	},
	run: {
		...{
			example: 'run f_4kq09xz1 --task sales',
			does: 'process a file that is there; run - takes standard input, run s3://… an object',
		},
		...{valued: ['--task'], plain: ['--json', '--jsonl', '--plain', '--wait', '--dry-run'], operands: MANY},
	},
	cancel: {example: 'cancel r_4kq09xz1', does: 'end a task', ...ALSO_ALL},
	retry: {
		...{example: 'retry --q status:failed --yes', does: 'try a task again, or all that match; --dry-run only counts'},
		...ALSO_ALL,
	},
	pause: {example: 'pause r_4kq09xz1', does: 'hold a task', valued: [], plain: ['--json'], operands: MANY},
	resume: {example: 'resume r_4kq09xz1', does: 'let it go on', valued: [], plain: ['--json'], operands: MANY},
	events: {
		...{example: 'events --after 0', does: 'what happens, each event as a line of JSON'},
		...{valued: ['--after'], plain: [], operands: 1},
	},
};

export const sshHelp = (): string =>
	[
		'The dashboard of your tasks:',
		'  ssh -t <host>',
		'',
		'Without a terminal:',
		...Object.values(COMMANDS).map(({example, does}) => `  ssh <host> ${example.padEnd(36)} ${does}`),
		'',
		'Files, of which a closed one in unprocessed/ is processed; processed/, failed/ and results/ are to be read:',
		'  sftp <host>',
		'  scp sales.csv <host>:unprocessed/',
		'  rsync -rz data/ <host>:unprocessed/',
	].join('\n');

export function readSshWords(text: string): SshWords {
	const all = splitWords(text);
	if (all === null) return refused('A quote is not closed.');
	const [command = 'help', ...words] = all;
	if (['help', '--help', '-h'].includes(command) || words.includes('--help')) return {type: 'help'};
	const allowed = Object.hasOwn(COMMANDS, command) ? COMMANDS[command] : undefined;
	if (allowed === undefined)
		return refused(`${command} is no command here. There are: ${Object.keys(COMMANDS).join(', ')}.`);
	const stray = findStray(words, allowed);
	if (stray !== undefined) return refused(`${command} does not take ${stray} here.`);
	const operands = operandsOf(words, allowed);
	const address = operands.find(each => /^[a-z][a-z\d+.-]*:\/\//i.test(each));
	if (command === 'run' && words.includes('--dry-run') && (address !== undefined || operands.includes('-')))
		return refused('run --dry-run takes ids of files that are there.');
	if (command === 'run' && address !== undefined) return readObject(address, words, operands);
	const extra = operands[allowed.operands];
	if (extra !== undefined) return refused(`${command} does not take ${extra} as well.`);
	if (command === 'status') return {type: 'status', isJson: words.includes('--json')};
	if (command === 'run' && operands.includes('-')) {
		// What stands beside it would be sent as a file of the server's machine.
		const other = operands.find(each => each !== '-');
		if (other !== undefined) return refused(`run takes standard input (-) alone, and not ${other} as well.`);
		return {type: 'run-input', words: words.filter(each => each !== '-')};
	}
	// By itself this flag takes the name of a file to write.
	return {type: 'command', command, words: words.map(word => (word === '--rejects' ? '--rejects=-' : word))};
}

/** One alone: a pattern or a folder might be any number of them, and addresses of the web lead anywhere that the server reaches. */
function readObject(address: string, words: readonly string[], operands: readonly string[]): SshWords {
	const other = operands.find(each => each !== address);
	if (other !== undefined) return refused(`run takes ${address} alone, and not ${other} as well.`);
	const object = remoteLocationOf(address);
	if (object?.kind !== 's3' || /[*?[\]]|\/$/.test(object.key))
		return refused(`run takes one object, as s3://bucket/folder/sales.csv, and not ${address}.`);
	return {type: 'run-object', object, words: words.filter(each => each !== address)};
}

const refused = (reason: string): SshWords => ({
	type: 'refused',
	reason: `${reason} For what there is: ssh <host> help`,
});

/** What begins with a dash must be a flag that is allowed: others name files, or other servers. */
function findStray(words: readonly string[], {valued, plain}: Allowed): string | undefined {
	let isValue = false;
	return words.find(word => {
		if (isValue || word === '-') {
			isValue = false;
			return false;
		}
		if (!word.startsWith('-')) return false;
		const [name = '', value] = word.split('=', 2);
		isValue = valued.includes(name) && value === undefined;
		return !(value === undefined && plain.includes(name)) && !valued.includes(name);
	});
}

/** Words that are neither flags nor their values. */
function operandsOf(words: readonly string[], {valued}: Allowed): readonly string[] {
	return words.filter((word, index) => {
		const before = words[index - 1];
		return (word === '-' || !word.startsWith('-')) && !(before !== undefined && valued.includes(before));
	});
}
