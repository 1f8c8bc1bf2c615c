// What a program comes to by the reference, and figures in a form in which they can be compared, whatever the order of their groups
// and values and whatever is kept as bits.

import {idsOf} from '../../source/analysis/dense-ids.ts';
import {type Extremes, joinExtremes, unitsAt} from '../../source/analysis/extremes.ts';
import type {AnalysisFigures, SetFigures} from '../../source/analysis/figures.ts';
import {entryWords, FIRST_SUM_WORD, SUM_WORDS} from '../../source/analysis/figures.ts';
import type {ColumnEvidence} from '../../source/analysis/forms/evidence.ts';
import type {SampleSeed} from '../../source/analysis/position-sample.ts';
import type {AnalysisProgram, Program, TableProgram} from '../../source/analysis/program.ts';
import {describeRecord} from '../../source/analysis/quality/table-faults.ts';
import {ProgramFigures} from '../../source/analysis/reference/figures-of-records.ts';
import {fitsFilter} from '../../source/analysis/where/filter-program.ts';
import {readWords} from '../../source/analysis/wide-sums.ts';
import {faultOfWhole} from '../../source/engine/worker/read/fault-of-whole.ts';
import {type FieldSyntax, plainDialect} from '../../source/input/dialect.ts';
import {readRecordsByReference} from '../../source/input/reference-reader.ts';
import {bytesInPieces} from './fold-bytes.ts';
import {knownDialect} from './known-dialect.ts';

export interface FoundFault {
	/** -1 for the structure. */
	readonly analysis: number;
	readonly byteOffset: number;
	readonly line: number;
	readonly reason: string;
	readonly column: number;
}

export interface ReferenceReading {
	readonly rows: number;
	readonly filteredRows: number;
	/** By the number of an analysis: those that its own condition leaves out. */
	readonly filteredRowsOf: readonly number[];
	readonly faults: readonly FoundFault[];
	readonly figures: readonly AnalysisFigures[];
	readonly isUtf8: boolean;
	/** What cells show of the forms of columns that are read whatever they hold. */
	readonly formEvidence: readonly ColumnEvidence[];
}

const HEADER = Buffer.from('header\n');

/** @param records - Of a whole source without a header. */
export async function readProgramByReference(
	{
		program,
		columnCount,
		header,
		...syntax
	}: {program: Program; columnCount: number; header?: Uint8Array | null | undefined} & FieldSyntax,
	records: readonly Uint8Array[],
	seed?: SampleSeed,
): Promise<ReferenceReading> {
	const bytes = Buffer.concat([HEADER, ...records]);
	const reference = new ProgramFigures(program, seed);
	const faults: FoundFault[] = [];
	let rows = 0;
	let filteredRows = 0;
	const {textEvidence} = await readRecordsByReference(
		bytesInPieces(bytes, [65_536]),
		{
			onHeader() {},
			onRecord(fields, {line, byteOffset}, stray, content) {
				rows++;
				const place = {byteOffset: byteOffset - HEADER.length, line: line - 1};
				const whole = faultOfWhole(content, fields, columnCount, header ?? null);
				if (whole !== null) {
					const {reason, count} = whole;
					reference.addRagged(describeRecord(reason, count, columnCount) ?? '', place);
					faults.push({analysis: -1, ...place, reason, column: -1});
				} else if (stray !== null) {
					reference.addRagged(stray.raw, place);
					faults.push({analysis: -1, ...place, reason: 'quote', column: stray.fieldIndex});
				} else if (program.filter !== undefined && !fitsFilter(program.filter, fields)) filteredRows++;
				else {
					for (const [analysis, fault] of reference.add(fields, place).entries()) {
						if (fault !== null) faults.push({analysis, ...place, reason: fault.reason, column: fault.column ?? -1});
					}
				}
			},
			onUnclosedQuote({fieldIndex, position: {line, byteOffset}, raw}) {
				rows++;
				const place = {byteOffset: byteOffset - HEADER.length, line: line - 1};
				reference.addRagged(raw, place);
				faults.push({analysis: -1, ...place, reason: 'unclosed-quote', column: fieldIndex});
			},
		},
		{
			chunk: new Uint8Array(65_536),
			finder: knownDialect({...plainDialect, ...syntax}),
			onChunk() {},
		},
	);
	const filteredRowsOf = program.analyses.map((_, analysis) => reference.filteredRowsOf(analysis));
	return {
		rows,
		filteredRows,
		filteredRowsOf,
		faults,
		figures: reference.take(),
		formEvidence: reference.formEvidence,
		isUtf8: textEvidence.notUtf8 === null,
	};
}

/** All figures of a program. */
export const comparable = (program: Program, all: readonly AnalysisFigures[]): unknown =>
	program.analyses.map((analysis, place) => {
		const figures = all[place];
		if (figures === undefined) throw new Error('Expected figures of each analysis');
		return comparableOne(analysis, figures);
	});

const comparableOne = (analysis: AnalysisProgram, {records, sums, ranges, sets, tables}: AnalysisFigures) => ({
	records,
	sums: sums.map(({units, scale, count, extremes}) => ({units, scale, count, ...comparableExtremes(extremes, scale)})),
	ranges,
	sets: sets.map(valuesOf),
	tables: tables.map((table, place) => {
		const program = analysis.tables[place];
		if (program === undefined || table.isGivenUp) {
			const {registers} = table;
			return registers === undefined ? 'given up' : Buffer.from(registers).toString('hex');
		}
		return groupsOf(program, table);
	}),
});

/** As all have that many decimals. */
const comparableExtremes = (extremes: Extremes | null | undefined, scale: number) =>
	extremes === undefined
		? {}
		: {lowest: extremes && unitsAt(extremes.lowest, scale), highest: extremes && unitsAt(extremes.highest, scale)};

export function valuesOf(set: SetFigures): unknown {
	if (set.registers !== null) return Buffer.from(set.registers).toString('hex');
	const {keys, longValues, denseIds} = set;
	const bytes = Buffer.from(keys.buffer, keys.byteOffset, keys.byteLength);
	const short = Array.from({length: bytes.length / 16}, (_, index) => {
		const at = index * 16;
		return bytes.toString('latin1', at, at + (bytes[at + 15] ?? 0) - 1);
	});
	return [...short, ...longValues, ...(denseIds === null ? [] : idsOf(denseIds))].sort();
}

/** By key: records and sums. Of all sums of a table, the decimals are the most of any. */
function groupsOf(
	{sums, ranges = []}: TableProgram,
	{entries, keys, scales, additions, wideExtremes = []}: AnalysisFigures['tables'][number],
): unknown {
	const words = entryWords(sums, ranges.length);
	const longAt = (at: number): bigint => BigInt.asIntN(64, readWords(entries, at));
	const count = entries.length / words;
	const most = scales.map((scale, sum) =>
		additions.reduce((max, addition) => (addition.sum === sum ? Math.max(max, addition.value.scale) : max), scale),
	);
	const text = Buffer.from(keys.buffer, keys.byteOffset, keys.byteLength).toString('latin1');
	const twoWords = (at: number): number => (entries[at] ?? 0) + (entries[at + 1] ?? 0) * 2 ** 32;
	const groups = Array.from({length: count}, (_, group) => {
		const at = group * words;
		const key = text.slice(group === 0 ? 0 : entries[at - words], entries[at]);
		let countAt = at + FIRST_SUM_WORD + SUM_WORDS * sums.length;
		const records = twoWords(at + 1);
		const figures = sums.map(({isCounted}, sum) => {
			const scale = most[sum] ?? 0;
			let units = readWords(entries, at + FIRST_SUM_WORD + SUM_WORDS * sum) * 10n ** BigInt(scale - (scales[sum] ?? 0));
			for (const addition of additions) {
				if (addition.group !== group || addition.sum !== sum) continue;
				units += addition.value.units * 10n ** BigInt(scale - addition.value.scale);
			}
			const own = isCounted ? twoWords(countAt) : records;
			if (isCounted) countAt += 2;
			return {units, scale, count: own};
		});
		const withExtremes = figures.map((figure, sum) => {
			if (sums[sum]?.hasExtremes !== true) return figure;
			const scale = scales[sum] ?? 0;
			let extremes: Extremes | null = null;
			if (entries[countAt] === 1)
				extremes = {
					lowest: {units: longAt(countAt + 1), scale},
					highest: {units: longAt(countAt + 3), scale},
				};
			for (const wide of wideExtremes)
				if (wide.group === group && wide.sum === sum) extremes = joinExtremes(extremes, wide.extremes);
			countAt += 5;
			return {...figure, ...comparableExtremes(extremes, figure.scale)};
		});
		const days = ranges.map((_, range) => [twoWords(countAt + 4 * range), twoWords(countAt + 4 * range + 2)]);
		return [key, records, withExtremes, days] as const;
	});
	return groups.sort(([one], [other]) => (one < other ? -1 : 1));
}
