import {fstatSync, readSync} from 'node:fs';
import {createRunLog, type RunLog} from '../../report/log.ts';
import {parseDuration} from '../../text/duration.ts';
import {safe} from '../../text/safe.ts';
import {messageOf} from '../../text/system-error.ts';
import {EnvironmentError} from '../arguments/environment-error.ts';
import type {RunSettings} from '../arguments/settings.ts';
import {UsageError} from '../arguments/usage-error.ts';
import {createLineWriter} from './line-writer.ts';
import {assertOwnLogs, LogFile, type LogRotation, startOfLog} from './log-file.ts';
import {openOutput} from './open-output.ts';
import {locateOutput} from './place.ts';

export interface LogOptions {
	/** Aborted when the program is asked to end. */
	readonly signal?: AbortSignal;
	/** The id of the run, which each line has. */
	readonly run: string;
	/** Whether it goes on for as long as the machine does: then the file is put aside from a size on that nobody has to name. */
	readonly isService?: boolean;
}

export interface OpenLog extends RunLog {
	/** Goes on in a file of the name that was given, after another program has moved the one that was open (SIGHUP). */
	readonly reopen: () => void;
	/** @throws {EnvironmentError} When a line could not be written: the run went on without its log. */
	readonly finish: () => Promise<void>;
}

/**
Opens the log that the settings request.

@throws {UsageError} When it would write over the dashboard.
@throws {EnvironmentError} When its file cannot be opened, or is not a log.
*/
export async function openLog(
	settings: RunSettings,
	isDashboard: boolean,
	{signal, run, isService = false}: LogOptions,
): Promise<OpenLog> {
	const {logFile, logFormat: format, logLevel: threshold, force} = settings;
	const common = {threshold, format, fields: {run}};
	if (logFile === null) {
		if (isDashboard && process.stderr.isTTY) {
			throw new UsageError(`--${threshold} would write over the dashboard: add --log-file <file>, or 2> <file>.`);
		}
		const write = (line: string): void => {
			process.stderr.write(`${line}\n`);
		};
		return {...createRunLog({...common, write}), reopen() {}, async finish() {}};
	}
	const opened = openOutput(logFile, 'log', force);
	const subject = `The log file ${safe(logFile)}`;
	if (!opened.isRegularFile) {
		// A pipe or a device is what it is, whatever happens to its name.
		const {write, finish} = createLineWriter(opened, subject, {signal});
		return {...createRunLog({...common, write: line => write(`${line}\n`)}), reopen() {}, finish};
	}
	const {path} = locateOutput(logFile);
	const rotation = rotationOf(settings, isService);
	if (rotation !== null) await assertFreeNames(path, rotation, force);
	const {descriptor} = opened;
	const file = new LogFile({
		...{path, descriptor, rotation, isForced: force, subject},
		startedAt: startOfLog(descriptor),
		onFault: reason => log.log('warn', 'log-not-put-aside', {reason}),
	});
	const log = createRunLog({...common, write: line => file.write(`${line}\n`)});
	if (isTorn(descriptor)) file.write('\n');
	return {...log, reopen: () => file.reopen(), finish: () => file.finish()};
}

/** Enough for weeks, and little beside the data. */
const SERVICE_LOG_BYTES = 64_000_000;

function rotationOf({logMaxSize, logMaxAge, logKeep}: RunSettings, isService: boolean): LogRotation | null {
	const maxBytes = logMaxSize ?? (isService ? SERVICE_LOG_BYTES : null);
	const seconds = logMaxAge === null ? undefined : parseDuration(logMaxAge);
	if (maxBytes === null && seconds === undefined) return null;
	return {maxBytes, maxAgeMs: seconds === undefined ? null : seconds * 1000, keep: logKeep};
}

/** @throws {EnvironmentError} Now, and not when it is too late to do something about it. */
async function assertFreeNames(path: string, {keep}: LogRotation, isForced: boolean): Promise<void> {
	try {
		await assertOwnLogs(path, keep, isForced);
	} catch (error) {
		throw new EnvironmentError(
			`The log file ${safe(path)} cannot be put aside when it is full: ${safe(messageOf(error))}. Move that file, or name another log.`,
		);
	}
}

/** Whether the last line lacks its end, as after a full disk: the next one must not become a part of it. */
function isTorn(descriptor: number): boolean {
	const last = Buffer.alloc(1);
	const {size} = fstatSync(descriptor);
	return size > 0 && readSync(descriptor, last, 0, 1, size - 1) === 1 && last[0] !== 0x0a;
}
