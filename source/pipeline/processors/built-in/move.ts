// `move`: puts what there is of the file into another folder, too. It is there whole or not at all, and nothing that is there is overwritten.
import {createReadStream} from 'node:fs';
import {link, open, rename, rm, stat} from 'node:fs/promises';
import {homedir} from 'node:os';
import {basename, dirname, extname, join, resolve} from 'node:path';
import {isRetryable} from '../../../engine/jobs/retry-policy.ts';
import {syncFolder} from '../../../report/sync-folder.ts';
import {removeAtExit} from '../../../report/temporary-files.ts';
import {displayPath, systemPath} from '../../../text/path-text.ts';
import {quoted} from '../../../text/quoted.ts';
import {codeOf, messageOf} from '../../../text/system-error.ts';
import {type Processor, StepError, type StepInput, type StepOutcome} from '../../pipeline.ts';
import type {BuiltIn} from '../built-in.ts';
import {fieldsOf, needed, optional, readSettings, text} from '../settings-reader.ts';
import {timeout, timeoutOf, withTimeout} from '../timeout.ts';

const moveSettings = fieldsOf({
	to: needed(text, 'A folder that is there'),
	timeout: optional(timeout),
});

export const move: BuiltIn = {
	name: 'move',
	version: 1,
	settings: moveSettings,
	open(settings, surroundings): Processor {
		const {value} = readSettings(moveSettings, settings);
		if (value === null) throw new Error('Expected settings of move that have been checked');
		const folder = moveFolderOf(value.to);
		const timeoutMs = timeoutOf(settings, surroundings);
		return {
			name: 'move',
			version: 1,
			isStateful: false,
			run: input => withTimeout('move', timeoutMs, input.signal, signal => put(folder, {...input, signal})),
			close: async () => {},
		};
	},
};

/** The folder that `to` names. */
export const moveFolderOf = (to: string): string => resolve(to.replace(/^~(?=\/|$)/, homedir()));

async function put(folder: string, input: StepInput): Promise<StepOutcome> {
	input.signal.throwIfAborted();
	try {
		const path = await copyTo(folder, input);
		const metadata = {move: {path: displayPath(path)}};
		return {said: null, metadata, outputs: [], data: null, report: null, state: null};
	} catch (error) {
		if (input.signal.aborted) throw input.signal.reason;
		const code = codeOf(error);
		// A folder that is missing may be a drive that is not there just now.
		const mayPass = code !== undefined && (isRetryable(code) || ['ENOENT', 'ENOSPC', 'EDQUOT'].includes(code));
		const sentence = `It could not be put into ${quoted(folder)}: ${messageOf(error)}`;
		throw new StepError('MOVE_FAILED', sentence, {cause: error, mayPass});
	}
}

/** Gives it the name with which it came; where another file has that, its claim stands in front. */
async function copyTo(folder: string, {file, outputFolder, outputPrefix, signal}: StepInput): Promise<string> {
	const name = nameOf(file.name, file.path, outputFolder, outputPrefix);
	const names = [name, `${file.claim}__${name}`];
	// One of this claim alone: where the program was killed, the next attempt finds it.
	const temporary = join(folder, `.fileproc-${file.claim}.tmp`);
	await rm(systemPath(temporary), {force: true});
	// An attempt before may have got as far as this.
	for (const each of names) if (await hasSame(join(folder, each), file.path, signal)) return join(folder, each);
	const keep = removeAtExit(temporary);
	try {
		const target = await open(systemPath(temporary), 'wx');
		try {
			for await (const bytes of createReadStream(systemPath(file.path), {signal}))
				await target.writeFile(bytes as Buffer);
			await target.sync();
		} finally {
			await target.close();
		}
		for (const each of names) {
			if (!(await takeName(temporary, join(folder, each)))) continue;
			await syncFolder(folder);
			return join(folder, each);
		}
		throw Object.assign(new Error(`other files are there with the names ${names.map(quoted).join(' and ')}`), {
			code: 'EEXIST',
		});
	} finally {
		// What cannot be removed now is tried once more when the process ends.
		await rm(systemPath(temporary), {force: true}).then(keep, () => {});
	}
}

/** What a step has made is called as the file, with the ending of what was made. */
function nameOf(came: string, path: string, outputFolder: string, outputPrefix: string): string {
	const name = basename(came);
	const isMade = resolve(dirname(path)) === resolve(outputFolder) && basename(path).startsWith(basename(outputPrefix));
	const [ending, made] = [extname(name), extname(path)];
	return !isMade || ending === made ? name : `${name.slice(0, name.length - ending.length)}${made}`;
}

/** @returns Whether the file has that name now; not where another one has it. */
async function takeName(temporary: string, target: string): Promise<boolean> {
	try {
		await link(systemPath(temporary), systemPath(target));
		return true;
	} catch (error) {
		const code = codeOf(error);
		if (code === 'EEXIST') return false;
		// File systems without links.
		if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'].includes(code ?? '')) throw error;
		return takeReserved(temporary, target);
	}
}

async function takeReserved(temporary: string, target: string): Promise<boolean> {
	try {
		await (await open(systemPath(target), 'wx')).close();
	} catch (error) {
		if (codeOf(error) === 'EEXIST') return false;
		throw error;
	}
	await rename(systemPath(temporary), systemPath(target));
	return true;
}

/** Whether a file is there that has the same bytes. */
async function hasSame(path: string, other: string, signal: AbortSignal): Promise<boolean> {
	try {
		const [one, two] = await Promise.all([stat(systemPath(path)), stat(systemPath(other))]);
		if (!one.isFile() || one.size !== two.size) return false;
		const [left, right] = [path, other].map(each =>
			createReadStream(systemPath(each), {signal, highWaterMark: COMPARED_BYTES}),
		);
		return await areSame(left as AsyncIterable<Buffer>, right as AsyncIterable<Buffer>);
	} catch (error) {
		if (codeOf(error) === 'ENOENT') return false;
		throw error;
	}
}

const COMPARED_BYTES = 256 * 1024;

/** Streams of files of the same length come in the same pieces. */
async function areSame(one: AsyncIterable<Buffer>, other: AsyncIterable<Buffer>): Promise<boolean> {
	const others = other[Symbol.asyncIterator]();
	try {
		for await (const piece of one) {
			const {value, done} = await others.next();
			if (done === true || !piece.equals(value)) return false;
		}
		return true;
	} finally {
		await others.return?.();
	}
}
