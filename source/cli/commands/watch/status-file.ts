// Keeps how a watched folder is doing in a file, for monitoring: it is replaced as a whole, so a reader sees all of one moment.
import {randomBytes} from 'node:crypto';
import {closeSync, constants, openSync, readFileSync, renameSync, rmSync, writeFileSync} from 'node:fs';
import type {WatchStatus} from '../../../model/watch-status.ts';
import {safe} from '../../../text/safe.ts';
import {codeOf, messageOf} from '../../../text/system-error.ts';
import {EnvironmentError} from '../../arguments/environment-error.ts';

export interface StatusFile {
	/** Writes it a last time. */
	readonly finish: (status: WatchStatus) => void;
}

const INTERVAL_MS = 1000;

/**
@param onFault - Called with a sentence when it cannot be written; once, until it can be again.
@throws {EnvironmentError} When it cannot be written, or is a file of something else.
*/
export function keepStatusFile(
	path: string,
	status: () => WatchStatus,
	onFault: (sentence: string) => void,
): StatusFile {
	assertOwnOrNew(path);
	const temporary = `${path}.${randomBytes(4).toString('hex')}.tmp`;
	let hasFailed = false;
	const write = (current: WatchStatus): void => {
		const {O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW = 0} = constants;
		const descriptor = openSync(temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o644);
		try {
			writeFileSync(descriptor, `${JSON.stringify(current, undefined, 2)}\n`);
		} finally {
			closeSync(descriptor);
		}
		renameSync(temporary, path);
	};
	const tryToWrite = (): void => {
		try {
			write(status());
			hasFailed = false;
		} catch (error) {
			rmSync(temporary, {force: true});
			if (!hasFailed)
				onFault(`The status file ${safe(path)} cannot be written: ${messageOf(error)}. It is tried again.`);
			hasFailed = true;
		}
	};
	try {
		write(status());
	} catch (error) {
		rmSync(temporary, {force: true});
		throw new EnvironmentError(`The status file ${safe(path)} cannot be written`, error);
	}
	const timer = setInterval(tryToWrite, INTERVAL_MS).unref();
	return {
		finish(last) {
			clearInterval(timer);
			try {
				write(last);
			} catch (error) {
				rmSync(temporary, {force: true});
				onFault(`The status file ${safe(path)} is not up to date: ${messageOf(error)}.`);
			}
		},
	};
}

function assertOwnOrNew(path: string): void {
	let text: string;
	try {
		text = readFileSync(path, 'utf8');
	} catch (error) {
		if (codeOf(error) === 'ENOENT') return;
		throw new EnvironmentError(`The status file ${safe(path)} cannot be written`, error);
	}
	if (text === '' || isStatus(text)) return;
	throw new EnvironmentError(
		`${safe(path)} was not written by this program, so it is not replaced by the status file: name another one.`,
	);
}

function isStatus(text: string): boolean {
	try {
		const value: unknown = JSON.parse(text);
		return typeof value === 'object' && value !== null && 'health' in value && 'folder' in value;
	} catch {
		return false;
	}
}
