// `validate`: holds the cells of a table against rules. A record that does not keep them is rejected: what comes next reads the others.
import {monotonicMs} from '../../../engine/shared/monotonic.ts';
import {type Percentage, perMillion} from '../../../engine/shared/percentage.ts';
import type {FoldedFile} from '../../../engine/shared/protocol.ts';
import {AbortedError} from '../../../engine/shared/shared-progress.ts';
import type {RejectReport} from '../../../model/report.ts';
import {quantity} from '../../../text/format.ts';
import {StepError} from '../../pipeline.ts';
import {type ValidateSettings, validateSettings} from '../rules.ts';
import {readSettings} from '../settings-reader.ts';
import {CheckedTable} from './checked-table.ts';
import type {BuiltInContext, BuiltInDeclaration} from './load-processor.ts';
import {readPlacedRecords} from './read-placed-records.ts';
import {readRecords} from './read-records.ts';
import type {StepFile} from './step-file.ts';
import {ValidateResults} from './validate-results.ts';

export const validate: BuiltInDeclaration = {
	name: 'validate',
	version: 1,
	create(given) {
		const {value: settings} = readSettings(validateSettings, given);
		if (settings === null) throw new Error('Expected settings that have been checked');
		return {process: (file, context) => validateFile(file, context, settings)};
	},
};

/** Most tables keep all rules, and the kernel reads them fast. Only those that do not are read once more, by who knows each record's line. */
async function validateFile(file: StepFile, context: BuiltInContext, settings: ValidateSettings): Promise<unknown> {
	const startedAtMs = monotonicMs();
	const sound = await readSound(file, settings);
	if (sound !== null) {
		file.keepReport(sound, startedAtMs);
		return {metadata: {records: sound.rows, rejected: 0, by_reason: {}}};
	}
	const results = new ValidateResults(context);
	try {
		const counts: Record<string, number> = {};
		const folded = await readWithPlaces(file, settings, results, counts);
		file.keepReport(folded, startedAtMs);
		const {rows, rejectedRows} = folded;
		const fault = findTooMany(rows, rejectedRows, settings.maxRejects);
		if (fault !== null) throw failed(file, `${fault}${describeFirst(folded.rejects[0])}`);
		const metadata = {records: rows - rejectedRows, rejected: rejectedRows, by_reason: counts};
		return {metadata, written: await results.finish(rejectedRows > 0, context.isNormalised)};
	} catch (error) {
		await results.discard();
		throw error;
	}
}

/** @returns `null` where any record is to be rejected. */
async function readSound(file: StepFile, settings: ValidateSettings): Promise<FoldedFile | null> {
	const table = new CheckedTable(settings);
	let isSound = true;
	try {
		const folded = await readRecords(file.source, await file.encoding(), {
			onHeader: names => table.begin(names),
			async onRecords(records) {
				isSound = records.every(cells => table.judge(cells, 0) === null);
				if (!isSound) throw new AbortedError();
			},
		});
		table.assertHeader();
		return folded.rejectedRows === 0 ? folded : null;
	} catch (error) {
		if (!isSound && error instanceof AbortedError) return null;
		throw error;
	}
}

/** @param counts - Is given the rejected records by reason. */
async function readWithPlaces(
	file: StepFile,
	settings: ValidateSettings,
	results: ValidateResults,
	counts: Record<string, number>,
): Promise<FoldedFile> {
	const table = new CheckedTable(settings);
	return readPlacedRecords(file.source, await file.encoding(), {
		onHeader(names) {
			table.begin(names);
			results.begin(names);
		},
		async onRecords(records) {
			const rejects: RejectReport[] = [];
			for (const {cells, position, malformed} of records) {
				const {line, byteOffset} = position;
				const fault = malformed === null ? table.judge(cells, line) : null;
				const reject = fault === null ? malformed : {line, byte_offset: byteOffset, ...fault};
				if (reject === null) await results.accept(cells);
				else {
					rejects.push(reject);
					counts[reject.reason] = (counts[reject.reason] ?? 0) + 1;
					await results.reject(reject);
				}
			}
			return rejects;
		},
	});
}

function failed({report}: StepFile, message: string): StepError {
	const error = {code: 'VALIDATION_FAILED', message, line: report?.rejects[0]?.line ?? null, byte_offset: null};
	return new StepError(error.code, message, {report: report === null ? null : {...report, status: 'failed', error}});
}

function findTooMany(rows: number, rejected: number, most: number | string | undefined): string | null {
	if (most === undefined || rejected === 0) return null;
	const isTooMany =
		typeof most === 'number'
			? rejected > most
			: BigInt(rejected) * 1_000_000n > BigInt(most === '0%' ? 0 : perMillion(most as Percentage)) * BigInt(rows);
	return isTooMany
		? `Expected at most ${most} rejected of ${quantity(rows, 'record')}; ${rejected} ${rejected === 1 ? 'is' : 'are'}`
		: null;
}

function describeFirst(first: RejectReport | undefined): string {
	if (first === undefined) return '';
	const {line, column, reason, value} = first;
	const where = column === null ? `line ${line}` : `line ${line}, column ${column}`;
	return `. The first: ${reason} at ${where}, ${reason === 'not-accepted' ? value : `found ${JSON.stringify(value.slice(0, 50))}`}`;
}
