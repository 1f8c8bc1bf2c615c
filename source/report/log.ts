// The structured log (`--log-file`): one JSON object on each line, for `grep` and `jq`, or lines of text.

import type {RunEvent} from '../model/events.ts';
import type {FileReport} from '../model/report.ts';
import {analysesOf} from '../store/analysis-results.ts';
import {escapeInvisible} from '../text/escape-invisible.ts';
import {type LogHead, toTextLines} from './log-text.ts';

/**
`info` has the start and end of the run and its files, `debug` also retries and the engine's messages, `trace` also progress.
*/
export type LogThreshold = 'info' | 'debug' | 'trace';
/** The severity of a line. Warnings and errors are written at every threshold. */
export type LogLevel = 'error' | 'warn' | LogThreshold;
export type LogFormat = 'json' | 'text';
export type LogFields = Readonly<Record<string, unknown>>;

export interface RunLogOptions {
	readonly threshold: LogThreshold;
	/** @default 'json' */
	readonly format?: LogFormat;
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

/** Writes the events of a run as lines: `at`, `level`, `message`, then further fields. */
export function createRunLog(options: RunLogOptions): RunLog {
	const {threshold, format = 'json', write, fields: common = {}, now = Date.now} = options;
	const toLines = format === 'json' ? toJsonLine : toText;
	const writeLine = (at: string, level: LogLevel, message: string, fields: LogFields): void => {
		if (VERBOSITY[level] > VERBOSITY[threshold]) return;
		for (const line of toLines({at, level, message}, common, fields)) write(line);
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

type ToLines = (head: LogHead, common: LogFields, fields: LogFields) => readonly string[];

const toJsonLine: ToLines = (head, common, fields) => {
	const fixed = {...head, ...common};
	return [escapeInvisible(orUnloggable(all => JSON.stringify({...fixed, ...all, ...fixed}, replaceValue), fields))];
};

const toText: ToLines = (head, common, fields) =>
	orUnloggable(all => {
		const {at, level, message, ...others} = {...common, ...all, ...common};
		return toTextLines(head, others, value => JSON.stringify(value, replaceValue));
	}, fields);

/** The log never throws at its caller, whatever the fields are. */
function orUnloggable<Line>(toLine: (fields: LogFields) => Line, fields: LogFields): Line {
	try {
		return toLine(fields);
	} catch (error) {
		return toLine({unloggable: error instanceof Error ? error.message : String(error)});
	}
}

function replaceValue(_key: string, value: unknown): unknown {
	if (typeof value === 'bigint') return value.toString();
	if (!(value instanceof Error)) return value;
	const {name, message, stack, cause} = value;
	return {name, message, code: 'code' in value ? value.code : undefined, stack, cause};
}
