// Commands that come from elsewhere, as JSON: each is checked before a run performs it.
import type {FileAddress} from './file-address.ts';
import type {RunCommand, RunCommandType} from './run-command.ts';

/**
@returns The command, with nothing but what belongs to it; or a sentence that says what is wrong with it.
*/
export function parseRunCommand(
	value: unknown,
): {readonly command: RunCommand; readonly problem?: never} | {readonly problem: string; readonly command?: never} {
	try {
		return {command: toCommand(value)};
	} catch (error) {
		if (error instanceof CommandFault) return {problem: error.message};
		throw error;
	}
}

class CommandFault extends Error {}

/** The type checker sees to it that no type is forgotten. */
const types: Readonly<Record<RunCommandType, true>> = {
	pause: true,
	resume: true,
	'pause-file': true,
	'resume-file': true,
	'cancel-file': true,
	'retry-files': true,
	'set-concurrency': true,
	stop: true,
};

const isType = (value: unknown): value is RunCommandType => typeof value === 'string' && Object.hasOwn(types, value);

function toCommand(value: unknown): RunCommand {
	const command = toObject(value, 'a command');
	const {type} = command;
	if (!isType(type)) throw fault('"type"', `one of ${Object.keys(types).join(', ')}`, type);
	const about = `a command of the type ${type}`;
	switch (type) {
		case 'pause':
		case 'resume':
		case 'stop':
			assertKeys(command, ['type'], about);
			return {type};
		case 'pause-file':
		case 'resume-file':
		case 'cancel-file': {
			const {type: _, ...address} = command;
			return {type, ...toAddress(address, about)};
		}
		case 'retry-files': {
			assertKeys(command, ['type', 'files'], about);
			const {files} = command;
			if (!Array.isArray(files)) throw fault('"files"', 'a list', files);
			return {
				type,
				files: files.map((file, index) => toAddress(toObject(file, `"files[${index}]"`), `"files[${index}]"`)),
			};
		}
		case 'set-concurrency': {
			assertKeys(command, ['type', 'concurrency'], about);
			const {concurrency} = command;
			if (!isWholeNumber(concurrency)) throw fault('"concurrency"', 'a whole number', concurrency);
			return {type, concurrency};
		}
	}
}

type JsonObject = Readonly<Record<string, unknown>>;

function toObject(value: unknown, what: string): JsonObject {
	if (typeof value !== 'object' || value === null || Array.isArray(value)) throw fault(what, 'an object', value);
	return value as JsonObject;
}

function toAddress(value: JsonObject, about: string): FileAddress {
	assertKeys(value, ['file', 'jobId'], about);
	const {file, jobId} = value;
	if (typeof file !== 'string' || file === '') throw fault('"file"', 'the name of a file', file);
	if (jobId === undefined) return {file};
	if (!isWholeNumber(jobId) || jobId < 1) throw fault('"jobId"', 'a whole number from 1', jobId);
	return {file, jobId};
}

function assertKeys(value: JsonObject, known: readonly string[], about: string): void {
	const unknown = Object.keys(value).find(key => !known.includes(key));
	if (unknown === undefined) return;
	const keys = known.map(key => `"${key}"`).join(' and ');
	throw new CommandFault(`Expected ${about} to have only ${keys}, but found ${quote(unknown)}`);
}

const isWholeNumber = (value: unknown): value is number => Number.isSafeInteger(value);

const fault = (what: string, expected: string, found: unknown): CommandFault =>
	new CommandFault(`Expected ${what} to be ${expected}, but found ${describe(found)}`);

function describe(value: unknown): string {
	if (value === undefined) return 'nothing';
	if (typeof value === 'string') return quote(value);
	if (Array.isArray(value)) return 'a list';
	if (typeof value === 'object' && value !== null) return 'an object';
	return String(value);
}

const MAX_QUOTED_LENGTH = 60;

/** What came from elsewhere may be long, and may hold anything: JSON leaves no control character in it. */
const quote = (text: string): string =>
	JSON.stringify(text.length > MAX_QUOTED_LENGTH ? `${text.slice(0, MAX_QUOTED_LENGTH)}…` : text);
