// The commands that speak to a server: which one, and what is asked of it. `push https://files.example.org ./data --wait`.

import type {AskedWork} from '../commands/client/server-job.ts';
import {CLIENT_COMMANDS} from './flags/client-flags.ts';
import {type CommandName, type FlagValues, getDefault} from './flags.ts';
import {type LookSettings, pickLook, type RunSettings} from './settings.ts';
import {quoted, UsageError} from './usage-error.ts';

/** Where to, and who asks. The token itself is in none of it, so that no log has it. */
export interface ServerTarget {
	/** As given; `null`: the server that somebody has logged in to. */
	readonly address: string | null;
	readonly tokenFile: string | null;
	readonly caFile: string | null;
	readonly allowsHttp: boolean;
}

interface AtServer {
	readonly server: ServerTarget;
}

export interface PushCommand extends AtServer {
	readonly name: 'push';
	readonly paths: readonly string[];
	readonly settings: RunSettings;
	readonly work: AskedWork;
	readonly waits: boolean;
	readonly isUploadOnly: boolean;
	readonly isDryRun: boolean;
}

export interface StartCommand extends AtServer {
	readonly name: 'start';
	/** Of files on the server. */
	readonly ids: readonly string[];
	readonly settings: RunSettings;
	readonly work: AskedWork;
	readonly waits: boolean;
	/** Nothing is started: the output says what would be. */
	readonly isDryRun: boolean;
}

export interface GetCommand extends AtServer {
	readonly name: 'get';
	/** Of a task, or of a file. */
	readonly id: string;
	readonly form: 'json' | 'csv' | 'parquet' | 'rejects';
	readonly table: string | null;
	/** `null`, `-`: standard output. */
	readonly output: string | null;
	readonly isForced: boolean;
}

export interface EventsCommand extends AtServer {
	readonly name: 'events';
	readonly after: string | null;
	/** `null`: of all tasks. */
	readonly task: string | null;
}

export interface TasksCommand extends AtServer {
	readonly name: 'cancel' | 'retry' | 'pause' | 'resume';
	/** None where `q` says which. */
	readonly ids: readonly string[];
	/** Terms: all files that match; `null`: the ids say which. */
	readonly q: string | null;
	readonly isDryRun: boolean;
	readonly isAgreed: boolean;
	readonly isJson: boolean;
}

export interface FilesCommand extends AtServer {
	readonly name: 'files';
	readonly terms: readonly string[];
	readonly limit: number;
	readonly isJson: boolean;
}

export interface ServerHistoryCommand extends AtServer {
	readonly name: 'server-history';
	/** Terms, or the id of a task. */
	readonly words: readonly string[];
	readonly limit: number;
	readonly isJson: boolean;
	readonly look: LookSettings;
}

export interface LoginCommand extends AtServer {
	readonly name: 'login';
	/** `null`: it is asked for. */
	readonly account: string | null;
	readonly readsPassword: boolean;
	/** Somebody lets it in from elsewhere. */
	readonly isByDevice: boolean;
	/** The code of another program that is to be let in; `null`: this one is to log in. */
	readonly allowedCode: string | null;
	readonly isJson: boolean;
}

export interface LogoutCommand extends AtServer {
	readonly name: 'logout';
}

export type ClientCommand =
	| PushCommand
	| StartCommand
	| GetCommand
	| EventsCommand
	| TasksCommand
	| FilesCommand
	| ServerHistoryCommand
	| LoginCommand
	| LogoutCommand;

/** As many as fit on most screens. */
const DEFAULT_LIMIT = 40;

export const isServerAddress = (word: string | undefined): word is string => /^https?:\/\//i.test(word ?? '');

type ClientWord = Exclude<ClientCommand['name'], 'server-history'>;

const CLIENT_WORDS: readonly CommandName[] = CLIENT_COMMANDS.filter(name => name !== 'history');

/** Whether it is always for a server; `history` is for the ledger of this machine, too. */
export const isClientWord = (name: CommandName): name is ClientWord => CLIENT_WORDS.includes(name);

/** @throws {UsageError} Where what is said of a server would be passed over. */
export function assertNoServer(values: FlagValues, name: CommandName): void {
	const stray = (['token-file', 'ca-file', 'allow-http'] as const).find(flag => values[flag] !== undefined);
	if (stray === undefined) return;
	throw new UsageError(
		`--${stray} is for the ${name} of a server, whose address comes first: fileproc-tui ${name} https://files.example.org.`,
	);
}

/** @param address - As given; `null`: that of the one login. */
export const readServerTarget = (address: string | null, values: FlagValues): ServerTarget => ({
	address,
	tokenFile: values['token-file'] ?? null,
	caFile: values['ca-file'] ?? null,
	allowsHttp: values['allow-http'] ?? getDefault('allow-http'),
});

/** @throws {UsageError} */
export function readClientWords(
	name: ClientWord | 'history',
	given: readonly string[],
	{values, settings}: {readonly values: FlagValues; readonly settings: RunSettings},
): ClientCommand {
	const [first, ...behind] = given;
	const [address, words] = isServerAddress(first) ? [first, behind] : [null, given];
	const server = readServerTarget(address, values);
	if (words.includes('')) throw new UsageError('A word is empty text: is a variable of your shell unset?');
	const isJson = settings.output === 'json';
	const limit = settings.limit ?? DEFAULT_LIMIT;
	switch (name) {
		case 'push':
			if (words.length === 0)
				throw needs('push takes files and folders to send', 'push https://files.example.org ./data --wait');
			return {name, server, paths: words, settings, ...readStarting(values), isUploadOnly: readUploadOnly(values)};
		case 'start':
			assertIds(
				words,
				'run takes ids of files on a server; files of this machine are sent by push',
				'run https://files.example.org f_4kq09xz1 --task sales',
			);
			return {name, server, ids: words, settings, ...readStarting(values)};
		case 'get': {
			const [id = ''] = words;
			if (words.length !== 1)
				throw needs(
					'get takes the id of a task or of a file',
					'get https://files.example.org r_4kq09xz1 --csv -o sales.csv',
				);
			return {name, server, id, ...readGetting(values), isForced: settings.force};
		}
		case 'events': {
			const [task = null] = words;
			if (words.length > 1) throw needs('events takes the id of one task, or none', 'events https://files.example.org');
			return {name, server, task, after: values.after ?? null};
		}
		case 'cancel':
		case 'retry':
			return {name, server, ...readTasksWanted(name, words, values), isJson};
		case 'pause':
		case 'resume':
			assertIds(words, `${name} takes ids of tasks`, `${name} https://files.example.org r_4kq09xz1`);
			return {name, server, ids: words, q: null, isDryRun: false, isAgreed: false, isJson};
		case 'files':
			return {name, server, terms: words, limit, isJson};
		case 'history':
			return {name: 'server-history', server, words, limit, isJson, look: pickLook(settings)};
		case 'login':
			if (words.length > 0) throw needs('login takes the address of a server', 'login https://files.example.org');
			return {name, server, ...readLogin(values), isJson};
		case 'logout':
			if (words.length > 0) throw needs('logout takes the address of a server', 'logout https://files.example.org');
			return {name, server};
	}
}

const needs = (expectation: string, example: string): UsageError =>
	new UsageError(`${expectation}, for example: fileproc-tui ${example}.`);

function assertIds(words: readonly string[], expectation: string, example: string): void {
	const stray = words.find(word => !/^\w+$/.test(word));
	if (words.length > 0 && stray === undefined) return;
	throw needs(stray === undefined ? expectation : `${expectation}, but got ${quoted(stray)}`, example);
}

function readTasksWanted(
	name: string,
	ids: readonly string[],
	values: FlagValues,
): Pick<TasksCommand, 'ids' | 'q' | 'isDryRun' | 'isAgreed'> {
	const [q, isDryRun, isAgreed] = [values.q ?? null, values['dry-run'] ?? false, values.yes ?? false];
	if (q === null && (isDryRun || isAgreed))
		throw new UsageError('--dry-run and --yes are for all files that match: say which by --q status:failed.');
	if (q !== null && ids.length > 0)
		throw new UsageError(`${name} takes ids of tasks or --q, but got both: leave one away.`);
	if (q?.trim() === '') throw new UsageError('--q takes terms as in the filter of the dashboard, like status:failed.');
	if (q === null) assertIds(ids, `${name} takes ids of tasks, or --q`, `${name} https://files.example.org r_4kq09xz1`);
	return {ids, q, isDryRun, isAgreed};
}

/** @throws {UsageError} Where it is no object in JSON. */
function readTaskOptions(text: string | undefined): AskedWork['options'] {
	if (text === undefined) return null;
	let value: unknown;
	try {
		value = JSON.parse(text);
	} catch {
		value = undefined;
	}
	if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as AskedWork['options'];
	throw new UsageError(`--options takes an object in JSON, like '{"delimiter": ";"}', but got ${quoted(text)}.`);
}

function readStarting(values: FlagValues): Pick<StartCommand, 'work' | 'waits' | 'isDryRun'> {
	const tasks = values.task === undefined ? [] : values.task.split(',').map(each => each.trim());
	if (tasks.includes(''))
		throw new UsageError(`--task takes names with commas between them, but got ${quoted(values.task ?? '')}.`);
	const mapping = values.mapping ?? null;
	if (mapping?.trim() === '') throw new UsageError('--mapping takes the name of a mapping, or none.');
	const work = {tasks, options: readTaskOptions(values.options), mapping};
	const [waits, isDryRun] = [values.wait ?? getDefault('wait'), values['dry-run'] ?? getDefault('dry-run')];
	if (waits && isDryRun) throw new UsageError('--dry-run starts nothing to wait for: leave --wait away.');
	return {work, waits, isDryRun};
}

function readUploadOnly(values: FlagValues): boolean {
	const isUploadOnly = values['upload-only'] ?? getDefault('upload-only');
	const stray = (['task', 'options', 'mapping'] as const).find(flag => values[flag] !== undefined);
	const useless = stray ?? (values.wait === true ? 'wait' : undefined);
	if (isUploadOnly && useless !== undefined)
		throw new UsageError(`--upload-only starts no task, so --${useless} has nothing to do: leave it away.`);
	return isUploadOnly;
}

function readGetting(values: FlagValues): Pick<GetCommand, 'form' | 'table' | 'output'> {
	const {csv = false, parquet = false, rejects, table = null, output = null} = values;
	const asked = [csv && 'csv', parquet && 'parquet', rejects !== undefined && 'rejects'].filter(each => each !== false);
	const [form = 'json'] = asked as GetCommand['form'][];
	if (asked.length > 1) throw new UsageError('get fetches one of --csv, --parquet and --rejects at a time.');
	if (table !== null && form !== 'csv' && form !== 'parquet') throw new UsageError('--table needs --csv or --parquet.');
	if (rejects !== undefined && output !== null) throw new UsageError('--rejects says where to already: leave -o away.');
	return {form, table, output: rejects ?? output};
}

function readLogin(values: FlagValues): Pick<LoginCommand, 'account' | 'readsPassword' | 'isByDevice' | 'allowedCode'> {
	const {account = null, device: isByDevice = getDefault('device'), allow: allowedCode = null} = values;
	const readsPassword = values['password-stdin'] ?? getDefault('password-stdin');
	if (Number(isByDevice) + Number(allowedCode !== null) + Number(readsPassword || account !== null) > 1)
		throw new UsageError(
			'login is by --device, or by a name and a password (--account, --password-stdin), or it lets another program in (--allow): choose one.',
		);
	return {account, readsPassword, isByDevice, allowedCode};
}
