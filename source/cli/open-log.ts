import {closeSync, openSync, writeSync} from 'node:fs';
import {createRunLog, type RunLog} from '../report/log.ts';
import {safe} from '../text/safe.ts';
import {EnvironmentError} from './environment-error.ts';
import type {RunSettings} from './settings.ts';
import {UsageError} from './usage-error.ts';

export interface OpenLog {
	/** `null` where nobody asked for one. */
	readonly log: RunLog | null;
	/** @throws {EnvironmentError} When a line could not be written: the run went on without its log. */
	readonly assertWritten: () => void;
	readonly close: () => void;
}

/**
Opens the log of a run.

@throws {UsageError} When it would be written over the dashboard.
@throws {EnvironmentError} When its file cannot be opened.
*/
export function openLog({logFile, logLevel}: RunSettings, isDashboard: boolean): OpenLog {
	if (logFile === null) {
		if (logLevel === 'info') return {log: null, assertWritten() {}, close() {}};
		if (isDashboard && process.stderr.isTTY) {
			throw new UsageError(`--${logLevel} would write over the dashboard: add --log-file <file>, or 2> <file>.`);
		}
		const write = (line: string): void => {
			process.stderr.write(`${line}\n`);
		};
		return {log: createRunLog({threshold: logLevel, write}), assertWritten() {}, close() {}};
	}
	let descriptor: number;
	try {
		descriptor = openSync(logFile, 'a');
	} catch (error) {
		throw new EnvironmentError(`The log file ${safe(logFile)} cannot be opened`, error);
	}
	let failure: EnvironmentError | null = null;
	const write = (line: string): void => {
		if (failure !== null) return;
		try {
			writeSync(descriptor, `${line}\n`);
		} catch (error) {
			// A full disk of logs is no reason to lose the run.
			failure = new EnvironmentError(`The log file ${safe(logFile)} cannot be written, and ends early`, error);
		}
	};
	return {
		log: createRunLog({threshold: logLevel, write}),
		assertWritten() {
			if (failure !== null) throw failure;
		},
		close() {
			closeSync(descriptor);
		},
	};
}
