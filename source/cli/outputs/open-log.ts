import {fstatSync, readSync} from 'node:fs';
import {createRunLog, type RunLog} from '../../report/log.ts';
import {safe} from '../../text/safe.ts';
import type {RunSettings} from '../arguments/settings.ts';
import {UsageError} from '../arguments/usage-error.ts';
import {createLineWriter} from './line-writer.ts';
import {openOutput} from './open-output.ts';

export interface OpenLog extends RunLog {
	/** @throws {EnvironmentError} When a line could not be written: the run went on without its log. */
	readonly finish: () => Promise<void>;
}

/**
Opens the log that the settings request.

@throws {UsageError} When it would write over the dashboard.
@throws {EnvironmentError} When its file cannot be opened, or is not a log.
*/
export function openLog({logFile, logLevel, force}: RunSettings, isDashboard: boolean, signal?: AbortSignal): OpenLog {
	if (logFile === null) {
		if (isDashboard && process.stderr.isTTY) {
			throw new UsageError(`--${logLevel} would write over the dashboard: add --log-file <file>, or 2> <file>.`);
		}
		const write = (line: string): void => {
			process.stderr.write(`${line}\n`);
		};
		return {...createRunLog({threshold: logLevel, write}), async finish() {}};
	}
	const opened = openOutput(logFile, 'log', force);
	const subject = `The log file ${safe(logFile)}`;
	// Each write appends, so a line that another program appends is not overwritten.
	const {write, finish} = createLineWriter({...opened, isRegularFile: false}, subject, {signal});
	if (opened.isRegularFile && isTorn(opened.descriptor)) write('\n');
	return {...createRunLog({threshold: logLevel, write: line => write(`${line}\n`)}), finish};
}

/** Whether the last line lacks its end, as after a full disk: the next one must not become a part of it. */
function isTorn(descriptor: number): boolean {
	const last = Buffer.alloc(1);
	const {size} = fstatSync(descriptor);
	return size > 0 && readSync(descriptor, last, 0, 1, size - 1) === 1 && last[0] !== 0x0a;
}
