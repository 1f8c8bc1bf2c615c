// `convert`, `filter` and `select`: the sound records of a table anew, all or some of them, with all columns or some. They are read as by the
// command convert, so what is rejected there is rejected here, and told in the report.
import {completedReport, unfinishedReport} from '../../../engine/jobs/reports.ts';
import {isRetryable} from '../../../engine/jobs/retry-policy.ts';
import {monotonicMs} from '../../../engine/shared/monotonic.ts';
import {AbortedError} from '../../../engine/shared/shared-progress.ts';
import {displayPath, systemPath} from '../../../text/path-text.ts';
import {ColumnChoice} from '../../convert/column-choice.ts';
import {type Converting, convertFiles, findKinds, type InputFile, type Outcome} from '../../convert/convert-files.ts';
import {NoVectorsError} from '../../convert/file-reading.ts';
import {type FormatName, loadFormat, type OutputFormat} from '../../convert/output-format.ts';
import {type CleanTable, type Processor, StepError, type StepInput, type StepOutcome} from '../../pipeline.ts';
import {readSettingsFor} from '../../read-settings.ts';
import type {BuiltIn} from '../built-in.ts';
import {
	fieldsOf,
	flag,
	type Kind,
	listOf,
	needed,
	objectOf,
	oneOf,
	optional,
	readSettings,
	refined,
	text,
} from '../settings-reader.ts';
import type {Surroundings} from '../surroundings.ts';
import {timeout, timeoutOf, withTimeout} from '../timeout.ts';
import {writeOutput} from '../write-output.ts';
import {condition} from './condition.ts';

interface RecordSettings {
	readonly to?: FormatName | undefined;
	readonly where?: string | undefined;
	/** In their order; all where it is left out. */
	readonly columns?: readonly string[] | undefined;
	/** New names → names in the file. */
	readonly rename?: Readonly<Record<string, string>> | undefined;
	readonly normalise?: boolean | undefined;
	readonly guardFormulas?: boolean | undefined;
	readonly timeout?: number | undefined;
}

/** Names of columns, each once. */
const columns: Kind<readonly string[]> = refined(
	listOf(text),
	(names, fault) => {
		const repeated = names.findIndex((name, index) => names.indexOf(name) !== index);
		if (repeated === -1) return names;
		fault(`expected each column once, but ${JSON.stringify(names[repeated])} is there again`, [repeated]);
		return undefined;
	},
	{uniqueItems: true},
);

const common = {
	guardFormulas: optional(flag, 'Whether cells that look like formulas get a quote in front'),
	timeout: optional(timeout),
};
const where = 'Which records, as --where has it';
const chosen = 'Which columns, in that order';
const rename = optional(objectOf(text), 'New names of columns: {"new": "old"}');

export const convert = recordProcessor(
	'convert',
	fieldsOf({
		to: optional(oneOf('csv', 'jsonl', 'parquet'), 'What it becomes'),
		where: optional(condition, where),
		columns: optional(columns, chosen),
		rename,
		normalise: optional(flag, 'Whether numbers and dates are written in one form'),
		...common,
	}),
);
export const filter = recordProcessor('filter', fieldsOf({where: needed(condition, where), ...common}));
export const select = recordProcessor('select', fieldsOf({columns: needed(columns, chosen), rename, ...common}));

function recordProcessor(name: string, kind: Kind<RecordSettings>): BuiltIn {
	return {
		name,
		version: 1,
		settings: kind,
		open(settings, surroundings): Processor {
			const {value} = readSettings(kind, settings);
			if (value === null) throw new Error(`Expected settings of ${name} that have been checked`);
			const timeoutMs = timeoutOf(settings, surroundings);
			return {
				name,
				version: 1,
				isStateful: false,
				run: input =>
					withTimeout(name, timeoutMs, input.signal, signal => run(name, value, {...input, signal}, surroundings)),
				close: async () => {},
			};
		},
	};
}

async function run(
	processor: string,
	settings: RecordSettings,
	input: StepInput,
	surroundings: Surroundings,
): Promise<StepOutcome> {
	const startedAtMs = monotonicMs();
	const {to = 'csv'} = settings;
	const {file, outputFolder, outputPrefix} = input;
	const name = displayPath(file.name);
	let outcome: Outcome | null = null;
	let hasHeader: boolean | null = null;
	const output = await writeOutput({outputFolder, outputPrefix, processor, ending: to}, async written => {
		const {outcome: found, hasHeader: isNamed} = await convertOne(settings, input, surroundings, {
			write: bytes => written.add(bytes),
			truncate: position => written.truncate(position),
		});
		if (found.type === 'failed') {
			const {code, message} = found.error;
			const attempted = {file: name, attempts: 1, elapsedMs: monotonicMs() - startedAtMs};
			const report = unfinishedReport(attempted, 'failed', found.bytesRead, found.error);
			throw new StepError(code, message, {mayPass: isRetryable(code), report});
		}
		outcome = found;
		hasHeader = isNamed;
	});
	const completed = outcome as Extract<Outcome, {type: 'completed'}> | null;
	if (completed === null) throw new Error('Expected what became of the file');
	const {rows, rejectedRows, filteredRows} = completed;
	const metadata = {
		records: rows - rejectedRows - (filteredRows ?? 0),
		rejected: rejectedRows,
		...(filteredRows !== undefined && {filtered: filteredRows}),
	};
	const attempted = {file: name, attempts: 1, elapsedMs: monotonicMs() - startedAtMs};
	const report = completedReport(attempted, {...completed, folded: []}, []);
	// Without a record nothing says how it would be read.
	const table = to === 'csv' && hasHeader !== null ? tableOf(settings, input, hasHeader) : undefined;
	const data = {...output, table};
	return {said: null, metadata, outputs: [data], data, report, state: null};
}

const tableOf = ({normalise = false}: RecordSettings, {file}: StepInput, hasHeader: boolean): CleanTable => ({
	hasHeader,
	isNormalised: normalise || file.table?.isNormalised === true,
});

async function convertOne(
	{to = 'csv', where, columns: wanted, rename = {}, normalise = false, guardFormulas = false}: RecordSettings,
	{file, signal}: StepInput,
	{readSettings: reading, tables}: Surroundings,
	output: Parameters<typeof convertFiles>[1],
): Promise<{readonly outcome: Outcome; readonly hasHeader: boolean | null}> {
	let hasHeader: boolean | null = null;
	const input: InputFile = {
		type: 'file',
		file: displayPath(file.name),
		source: {kind: 'file', path: systemPath(file.path)},
		bytesTotal: file.bytes,
	};
	const common: Omit<Converting, 'createFormat'> = {
		settings: {...readSettingsFor(file, reading), ...(where !== undefined && {where})},
		signal,
		work: {as: to, guardsFormulas: guardFormulas, normalises: normalise || to === 'parquet'},
		threads: tables(),
		filesAhead: 1,
		createChoice: () => new ColumnChoice(wanted ?? null, rename),
	};
	try {
		const kinds = to === 'parquet' ? await findKinds([input], common) : [];
		const createKnown = await loadFormat(to, {guardsFormulas: guardFormulas}, kinds);
		const createFormat = (): OutputFormat => {
			const format = createKnown();
			const begin: OutputFormat['begin'] = (names, areOfFile) => {
				hasHeader = areOfFile;
				return format.begin(names, areOfFile);
			};
			return {...format, begin};
		};
		const [outcome] = await convertFiles([input], output, {...common, work: {...common.work, kinds}, createFormat});
		if (outcome === undefined) throw new Error('Expected what became of the file');
		return {outcome, hasHeader};
	} catch (error) {
		if (error instanceof AbortedError) throw signal.reason;
		if (error instanceof NoVectorsError)
			throw new StepError(
				'PROCESSOR_FAILED',
				'Records are written with WebAssembly with vectors of 128 bits, which are missing here',
				{cause: error},
			);
		throw error;
	}
}
