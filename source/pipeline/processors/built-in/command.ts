// `command`: runs a program for the file, without a shell. It has the file as its input or by its path, and what it writes may be what comes next.
import {homedir} from 'node:os';
import {resolve} from 'node:path';
import {isRetryable} from '../../../engine/jobs/retry-policy.ts';
import {displayPath} from '../../../text/path-text.ts';
import {quoted} from '../../../text/quoted.ts';
import {codeOf, messageOf} from '../../../text/system-error.ts';
import {
	type JsonObject,
	type Processor,
	StepError,
	type StepInput,
	type StepOutcome,
	type StepOutput,
} from '../../pipeline.ts';
import type {BuiltIn} from '../built-in.ts';
import {
	anyText,
	fieldsOf,
	fitting,
	type Kind,
	listOf,
	needed,
	objectOf,
	oneOf,
	optional,
	readSettings,
	refined,
	text,
	type ValueOf,
} from '../settings-reader.ts';
import type {Surroundings} from '../surroundings.ts';
import {describeTimeout, timeout, timeoutOf} from '../timeout.ts';
import {type OutputFile, openOutput} from '../write-output.ts';
import {type Ended, RunningCommand} from './running-command.ts';

const run: Kind<readonly string[]> = refined(listOf(anyText), (words, fault) => {
	if (words[0] === '') fault('expected the name of a program', [0]);
	const nul = words.findIndex(word => word.includes('\0'));
	if (nul !== -1) fault('expected a text without NUL', [nul]);
	return words[0] === '' || nul !== -1 ? undefined : words;
});

const ENDING = '^[A-Za-z0-9]{1,16}$';
const ending: Kind<string | boolean> = fitting(
	{anyOf: [{type: 'boolean'}, {type: 'string', pattern: ENDING}]},
	'true, or the ending of the file as "json"',
	value => typeof value === 'boolean' || (typeof value === 'string' && new RegExp(ENDING).test(value)),
);

const commandSettings = fieldsOf({
	run: needed(run, 'The program, and what it is given; {file} in it stands for the path of the file'),
	input: optional(oneOf('file', 'none'), 'What its input is; otherwise the file, unless it is given its path'),
	output: optional(ending, 'Whether what it writes becomes data: true, or the ending of its name'),
	cwd: optional(text, 'The folder that it works in'),
	env: optional(objectOf(anyText), 'Further variables of its environment'),
	timeout: optional(timeout),
});

type CommandSettings = ValueOf<typeof commandSettings>;

/** What a program may come to when the same may go well later, by sysexits.h: EX_TEMPFAIL. */
const MAY_PASS_EXIT = 75;

/** Signals by which others end a program: with the machine, with a service, or for its memory. */
const FROM_OUTSIDE = ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGKILL'];

export const command: BuiltIn = {
	name: 'command',
	version: 1,
	settings: commandSettings,
	open(settings, surroundings): Processor {
		const {value} = readSettings(commandSettings, settings);
		if (value === null) throw new Error('Expected settings of command that have been checked');
		return {
			name: 'command',
			version: 1,
			isStateful: false,
			run: input =>
				surroundings.limitCommands(() => runCommand(value, input, surroundings, timeoutOf(settings, surroundings))),
			close: async () => {},
		};
	},
};

async function runCommand(
	settings: CommandSettings,
	input: StepInput,
	{limits, onLog}: Surroundings,
	timeoutMs: number,
): Promise<StepOutcome> {
	input.signal.throwIfAborted();
	const {output: wanted = false} = settings;
	const place = {
		outputFolder: input.outputFolder,
		outputPrefix: input.outputPrefix,
		processor: 'command',
		ending: typeof wanted === 'string' ? wanted : 'txt',
	};
	const output = wanted === false ? null : await openOutput(place, {maxBytes: limits.maxOutputBytes});
	try {
		const ended = await waitFor(settings, input, output, timeoutMs);
		const fields = {processor: 'command', claim: input.file.claim};
		for (const said of [ended.stdout, ended.stderr]) if (said !== '') onLog(said, fields);
		assertWell(settings, ended);
		const data = (await output?.finish()) ?? null;
		return outcomeOf(data, ended);
	} catch (error) {
		await output?.discard();
		throw error;
	}
}

const outcomeOf = (data: StepOutput | null, {elapsedMs}: Ended): StepOutcome => ({
	said: null,
	metadata: {command: {exit: 0, elapsed: Math.round(elapsedMs) / 1000}},
	outputs: data === null ? [] : [data],
	data,
	report: null,
	state: null,
});

async function waitFor(
	{run: [program = '', ...words], input: given, cwd, env = {}}: CommandSettings,
	{file, tag, metadata, signal}: StepInput,
	output: OutputFile | null,
	timeoutMs: number,
): Promise<Ended> {
	const namesFile = words.some(word => word.includes('{file}'));
	let running: RunningCommand;
	try {
		running = await RunningCommand.start({
			program,
			words,
			path: resolve(file.path),
			isInput: (given ?? (namesFile ? 'none' : 'file')) === 'file',
			cwd: cwd === undefined ? process.cwd() : inHome(cwd),
			env: {...process.env, ...variablesOf(file.name, file.claim, tag, metadata), ...env},
			onOutput: output === null ? null : bytes => output.add(bytes),
		});
	} catch (error) {
		throw notStarted(program, error);
	}
	const onAbort = (): void => running.giveUp(signal.reason);
	const timer = setTimeout(() => running.giveUp(failed(program, describeTimeout(timeoutMs))), timeoutMs);
	signal.addEventListener('abort', onAbort, {once: true});
	if (signal.aborted) onAbort();
	try {
		return await running.ended;
	} finally {
		clearTimeout(timer);
		signal.removeEventListener('abort', onAbort);
	}
}

const inHome = (path: string): string => path.replace(/^~(?=\/|$)/, homedir());

/** One text of the environment has at most 128 KiB in Linux. */
const MAX_VARIABLE_BYTES = 100 * 1024;

/** What the program can know of the file; the path is among what it is given. */
function variablesOf(name: string, claim: string, tag: string, metadata: JsonObject): Record<string, string> {
	const json = JSON.stringify(metadata);
	return {
		FILEPROC_NAME: displayPath(name),
		FILEPROC_CLAIM: claim,
		FILEPROC_TAG: tag,
		// One that is cut would be no JSON.
		...(Buffer.byteLength(json) <= MAX_VARIABLE_BYTES && {FILEPROC_METADATA: json}),
	};
}

const failed = (program: string, sentence: string, mayPass = false): StepError =>
	new StepError('COMMAND_FAILED', `The command ${quoted(program)}: ${sentence}`, {mayPass});

function assertWell({run: [program = '']}: CommandSettings, {code, signal, stderr}: Ended): void {
	if (code === 0) return;
	const how = signal === null ? `It ended with exit code ${code}` : `It was ended by ${signal}`;
	const said = stderr === '' ? ', and wrote nothing to standard error' : `, and wrote: ${stderr}`;
	throw failed(program, `${how}${said}`, code === MAY_PASS_EXIT || FROM_OUTSIDE.includes(signal ?? ''));
}

function notStarted(program: string, error: unknown): StepError {
	const code = codeOf(error);
	const isOfProgram = error instanceof Error && 'syscall' in error && String(error.syscall).startsWith('spawn');
	if (isOfProgram && code === 'ENOENT')
		return failed(program, 'It cannot be started, because there is no such program. PATH says where programs are');
	if (isOfProgram && code === 'EACCES')
		return failed(program, 'It cannot be started, because it is not executable for this user');
	return failed(program, `It cannot be started: ${messageOf(error)}`, code !== undefined && isRetryable(code));
}
