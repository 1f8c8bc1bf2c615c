// The structured log (`--log-file`): one JSON object on each line, for `grep` and `jq`.

import type {RunEvent} from '../model/events.ts';
import type {FileReport} from '../model/report.ts';
import {analysesOf} from '../store/analysis-results.ts';
import {escapeInvisible} from '../text/escape-invisible.ts';

/**
`info` has the start and end of the run and its files, `debug` also retries and the engine's messages, `trace` also progress.
*/
export type LogThreshold = 'info' | 'debug' | 'trace';
/** The severity of a line. Warnings and errors are written at every threshold. */
export type LogLevel = 'error' | 'warn' | LogThreshold;
export type LogFields = Readonly<Record<string, unknown>>;

export interface RunLogOptions {
	readonly threshold: LogThreshold;
	/** Writes one line, without a newline. */
	readonly write: (line: string) => void;
	/** What every line has, before its own fields. @default None */
	readonly fields?: LogFields;
	/** Milliseconds since 1970, for lines that come from no event. @default `Date.now` */
	readonly now?: () => number;
}

export interface RunLog {
	readonly handle: (event: RunEvent) => void;
	readonly log: (level: LogLevel, message: string, fields?: LogFields) => void;
}

const VERBOSITY: Readonly<Record<LogLevel, number>> = {error: 0, warn: 0, info: 0, debug: 1, trace: 2};

/** Writes the events of a run as lines of JSON: `at`, `level`, `message`, then further fields. */
export function createRunLog({threshold, write, fields: common = {}, now = Date.now}: RunLogOptions): RunLog {
	const writeLine = (at: string, level: LogLevel, message: string, fields: LogFields): void => {
		if (VERBOSITY[level] > VERBOSITY[threshold]) return;
		write(escapeInvisible(toLine({at, level, message, ...common}, fields)));
	};
	return {
		handle(event) {
			const {at, type, ...fields} = event;
			writeLine(at, levelOf(event), type, 'report' in fields ? {...fields, report: outline(fields.report)} : fields);
		},
		log(level, message, fields = {}) {
			writeLine(new Date(now()).toISOString(), level, message, fields);
		},
	};
}

function levelOf({type}: RunEvent): LogLevel {
	switch (type) {
		case 'file-failed':
			return 'error';
		case 'file-skipped':
			return 'warn';
		case 'file-retrying':
			return 'debug';
		case 'file-progressed':
			return 'trace';
		default:
			return 'info';
	}
}

/** The figures of a file are in the report; its log line says how it ended. */
function outline(report: FileReport): object {
	const {status, attempts, bytes, rows, rejected_rows, filtered, processing_time, error} = report;
	const analysis = analysesOf(report).join(',') || null;
	return {status, analysis, attempts, bytes, rows, rejected_rows, filtered, processing_time, error};
}

/** The log never throws at its caller, whatever the fields are. */
function toLine(head: LogFields, fields: LogFields): string {
	try {
		return JSON.stringify({...head, ...fields, ...head}, replaceValue);
	} catch (error) {
		return JSON.stringify({...head, unloggable: error instanceof Error ? error.message : String(error)});
	}
}

function replaceValue(_key: string, value: unknown): unknown {
	if (typeof value === 'bigint') return value.toString();
	if (!(value instanceof Error)) return value;
	const {name, message, stack, cause} = value;
	return {name, message, code: 'code' in value ? value.code : undefined, stack, cause};
}
