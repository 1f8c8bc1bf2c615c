// Checks every event of a recording, so that no output of a replay meets an event that it cannot show. The type checker
// ensures that no event and no key is forgotten.
import {valueFormats} from '../../analysis/declared-words.ts';
import {describeAnalyses} from '../../analysis/registry.ts';
import type {
	AnalysisInfo,
	ColumnInfo,
	FiguresView,
	LabelledValue,
	TableView,
	ValueFormat,
	View,
} from '../../model/analysis-info.ts';
import type {EventStamp, RunEvent, RunEventType, RunFact} from '../../model/events.ts';
import type {
	AnalysisReport,
	AssumedEncoding,
	ColumnDialect,
	DialectProblemReport,
	DialectReport,
	ErrorReport,
	FilePlace,
	FileReport,
	RejectReport,
	RunTotals,
	TableStructure,
} from '../../model/report.ts';
import {
	type Check,
	count,
	flag,
	jsonOf,
	label,
	listOf,
	mapOf,
	oneOf,
	optional,
	orNull,
	shape,
	text,
} from '../../text/shape.ts';

// Bounds what a screen reads for each frame: ten times what our own analyses have.
const MAX_ANALYSES = 100;
const MAX_VIEWS = 50;
const MAX_VALUES = 50;
const MAX_COLUMNS = 1000;
/** Rows of a table are three levels deep. Deeply nested values would overflow the stack when they are written. */
const MAX_RESULT_DEPTH = 20;

const stamp = shape<EventStamp>({seq: count, at: text, elapsedMs: count, runId: optional(text)});

const error = shape<ErrorReport>({code: text, message: text, line: orNull(count), byte_offset: orNull(count)});

const columnDialect = shape<ColumnDialect>({
	index: count,
	name: text,
	decimal: optional(oneOf('.', ',')),
	thousands: optional(text),
	percent: optional(flag),
	date_format: optional(text),
});

const dialect = shape<DialectReport>({
	delimiter: text,
	quote: text,
	encoding: text,
	encoding_assumed: optional(shape<AssumedEncoding>({line: count, byte_offset: count, mixed: flag})),
	newline: orNull(text),
	header: flag,
	escape: optional(text),
	skip_lines: optional(count),
	skip_footer: optional(count),
	comment: optional(text),
	problems: optional(listOf(shape<DialectProblemReport>({code: text, line: count, byte_offset: count, message: text}))),
	columns: optional(listOf(columnDialect)),
	compression: orNull(text),
});

const reject = shape<RejectReport>({
	line: count,
	byte_offset: count,
	column: orNull(text),
	reason: text,
	value: text,
});

/** A result may contain anything: outputs show what its views find in it. */
const result = jsonOf(MAX_RESULT_DEPTH);

/** The results of analyses by their names. */
const results: Check = value => shape({})(value) ?? result(value);

const analysisReport = shape<AnalysisReport>({
	rows: count,
	rejected_rows: count,
	filtered: optional(count),
	rejects: listOf(reject),
	result: orNull(results),
	hint: optional(text),
	error: optional(error),
});

const place = shape<FilePlace>({line: count, byte_offset: count});

const structure = shape<TableStructure>({
	header: orNull(place),
	first_records: listOf(listOf(text)),
	is_cut: optional(flag),
	analyses: listOf(text),
	lacks: optional(text),
});

const fileReport = (...statuses: ReadonlyArray<FileReport['status']>): Check =>
	shape<FileReport>({
		file: text,
		status: oneOf(...statuses),
		analysis: orNull(text),
		attempts: count,
		bytes: count,
		rows: count,
		rejected_rows: count,
		filtered: optional(count),
		processing_time: count,
		error: orNull(error),
		dialect: orNull(dialect),
		structure: optional(structure),
		content_hash: optional(text),
		source: optional(text),
		result: orNull(results),
		rejects: listOf(reject),
		hint: optional(text),
		results: optional(mapOf(analysisReport)),
		members: optional(listOf(result)),
		uncounted: optional(flag),
	});

/** Of numbers in a list. */
const MAX_NAMES = 100;

const column = shape<ColumnInfo>({name: label, type: oneOf('text', 'number', 'date', 'timestamp'), isOptional: flag});

const labelledValue = shape<LabelledValue>({
	label,
	key: label,
	format: oneOf(...(Object.keys(valueFormats) as ValueFormat[])),
	error: optional(label),
	exact: optional(label),
});

const table = shape<TableView>({
	show: oneOf('bars', 'series', 'columns', 'sentences'),
	title: label,
	rows: label,
	name: value => (typeof value === 'string' ? label(value) : listOf(label, 2)(value)),
	names: optional(listOf(label, MAX_NAMES)),
	values: listOf(labelledValue, MAX_VALUES),
	histogram: optional(label),
	worst: optional(listOf(label, MAX_VALUES)),
	error: optional(label),
	limit: optional(count),
	count: optional(label),
});
const figures = shape<FiguresView>({show: oneOf('figures'), figures: listOf(labelledValue, MAX_VALUES)});

const view: Check = value => ((value as Partial<View> | null)?.show === 'figures' ? figures(value) : table(value));

const analysisInfos = listOf(
	shape<AnalysisInfo>({
		name: label,
		title: label,
		columns: listOf(column, MAX_COLUMNS),
		views: listOf(view, MAX_VIEWS),
	}),
	MAX_ANALYSES,
);

const totals = shape<RunTotals>({
	files: count,
	completed: count,
	failed: count,
	cancelled: count,
	skipped: count,
	bytes: count,
	rows: count,
	rejected_rows: count,
	filtered: optional(count),
	processing_time: count,
});

type KeysOf<Type extends RunEventType> = Omit<Extract<RunFact, {readonly type: Type}>, 'type'>;

const aboutFile = {file: text, jobId: optional(count), attempt: count, claim: optional(text)};
const ended = {place: optional(text), tag: optional(orNull(text))};

const facts: {readonly [Type in RunEventType]: Check} = {
	'run-started': shape<KeysOf<'run-started'>>({
		version: text,
		paths: listOf(text),
		fileCount: count,
		bytesTotal: count,
		concurrency: count,
		threads: count,
		analyses: optional(analysisInfos),
		areCombined: optional(flag),
		otherFiles: optional(shape({count, extensions: listOf(text)})),
		isEndless: optional(flag),
		server: optional(text),
		queue: optional(text),
	}),
	'run-paused': shape<KeysOf<'run-paused'>>({}),
	'run-resumed': shape<KeysOf<'run-resumed'>>({}),
	'run-completed': shape<KeysOf<'run-completed'>>({status: oneOf('completed', 'cancelled'), totals, analyses: results}),
	'file-queued': shape<KeysOf<'file-queued'>>({...aboutFile, bytesTotal: orNull(count), isAdded: optional(flag)}),
	'file-skipped': shape<KeysOf<'file-skipped'>>({
		...aboutFile,
		...ended,
		report: fileReport('skipped'),
		isAdded: optional(flag),
	}),
	'file-started': shape<KeysOf<'file-started'>>(aboutFile),
	'file-progressed': shape<KeysOf<'file-progressed'>>({
		...aboutFile,
		bytesRead: count,
		rows: count,
		rejectedRows: count,
		isPaused: flag,
	}),
	'file-retrying': shape<KeysOf<'file-retrying'>>({...aboutFile, error, waitMs: count}),
	'file-completed': shape<KeysOf<'file-completed'>>({...aboutFile, ...ended, report: fileReport('completed')}),
	'file-failed': shape<KeysOf<'file-failed'>>({...aboutFile, ...ended, report: fileReport('failed')}),
	'file-cancelled': shape<KeysOf<'file-cancelled'>>({...aboutFile, report: fileReport('cancelled')}),
};

/** Says why a value is not an event, in words that follow "it"; `null` where it is one. */
export function findEventFault(value: unknown): string | null {
	if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'is not a JSON object';
	const {type} = value as Partial<RunEvent>;
	if (typeof type !== 'string') return 'has no "type"';
	if (!Object.hasOwn(facts, type)) return `is of the unknown type ${JSON.stringify(type)}`;
	const fault = stamp(value) ?? facts[type](value);
	return fault === null ? null : `has no usable ${JSON.stringify(fault)}`;
}

/** Older recordings do not describe their analyses: all of them had the same one. */
export const withAnalyses = (event: RunEvent): RunEvent =>
	event.type === 'run-started' && (event.analyses as unknown) === undefined
		? {...event, analyses: describeAnalyses('transactions')}
		: event;
