// Reads what analyses keep: assembly/figures.ts says where it is.
import {addDecimals} from '../analysis/decimal.ts';
import {type Extremes, joinExtremes} from '../analysis/extremes.ts';
import type {
	AnalysisFigures,
	AnalysisFiguresInPieces,
	SetFigures,
	SumFigures,
	TableFigures,
} from '../analysis/figures.ts';
import {formatMoment} from '../analysis/moment.ts';
import type {AnalysisProgram, Program, SumProgram, TableProgram} from '../analysis/program.ts';
import type {KernelExports} from './exports.ts';
import {EXTREMES_BYTES, readExtremes} from './extremes.ts';
import {readSet, SET_WORDS, type SetPlace} from './sets.ts';
import {type HugeSums, readSum, withOwnScale} from './sums.ts';
import {packTable, type SummandPlace, type TablePlace} from './tables.ts';

/** Where the figures of an analysis are; they are read once all places are known, for reading may move the memory. */
interface AnalysisPlace extends Omit<AnalysisFigures, 'sets' | 'tables'> {
	readonly sets: readonly SetPlace[];
	readonly tables: readonly TablePlace[];
}

/** Goes over the words, and numbers the summands as the kernel does. */
class Places {
	readonly #words: Uint32Array;
	readonly #view: DataView;
	readonly #huge: HugeSums | null;
	#at: number;
	#summand = 0;

	constructor(kernel: KernelExports, start: number, huge: HugeSums | null) {
		this.#words = new Uint32Array(kernel.memory.buffer);
		this.#view = new DataView(kernel.memory.buffer);
		this.#at = start >>> 2;
		this.#huge = huge;
	}

	#next(): number {
		return this.#words[this.#at++] ?? 0;
	}

	#count(): number {
		return this.#next() + this.#next() * 2 ** 32;
	}

	analysis({sums, ranges, sets, tables}: AnalysisProgram): AnalysisPlace {
		const records = this.#count();
		const lines = this.#count();
		return {
			records,
			lines,
			sums: sums.map(sum => this.#sum(sum)),
			ranges: ranges.map(() => this.#range()),
			sets: sets.map(() => this.#set()),
			tables: tables.map(table => this.#table(table)),
		};
	}

	#sum({hasExtremes = false}: SumProgram): SumFigures {
		const units = readSum(this.#view, this.#at * 4);
		this.#at += 4;
		const count = this.#count();
		const [scale, ownScale] = [this.#next(), this.#next()];
		const sum = withOwnScale(units, scale, ownScale);
		const extremes = this.#extremes(scale, ownScale);
		const huge = this.#huge?.of(this.#summand, '');
		const hugeExtremes = this.#huge?.extremesOf(this.#summand, '') ?? null;
		this.#summand++;
		return {
			...(huge === undefined ? sum : addDecimals(sum, huge)),
			count,
			...(hasExtremes && {extremes: joinExtremes(extremes, hugeExtremes)}),
		};
	}

	#extremes(scale: number, ownScale: number): Extremes | null {
		const pair = this.#at * 4;
		this.#at += EXTREMES_BYTES / 4;
		return readExtremes(this.#view, pair, scale, ownScale);
	}

	#range(): {readonly earliest: string; readonly latest: string} | null {
		const [earliest, latest] = [this.#count(), this.#count()];
		return latest === 0 ? null : {earliest: formatMoment(earliest), latest: formatMoment(latest)};
	}

	#set(): SetPlace {
		const words = this.#words.subarray(this.#at, this.#at + SET_WORDS);
		this.#at += SET_WORDS;
		return Array.from(words);
	}

	#table({sums, ranges = []}: TableProgram): TablePlace {
		const [isGivenUp, registers, groups, list, records, isLed] = [
			this.#next() !== 0,
			this.#next(),
			this.#next(),
			this.#next(),
			this.#next(),
			this.#next(),
		];
		this.#summand += isLed;
		const summands = sums.map(({isCounted, hasExtremes = false}: SumProgram): SummandPlace => {
			const [sum, extremes, scale, ownScale] = [this.#next(), this.#next(), this.#next(), this.#next()];
			return {number: this.#summand++, isCounted, hasExtremes, sum, extremes, scale, ownScale};
		});
		return {isGivenUp, registers, groups, list, records, summands, ranges: ranges.map(() => this.#next())};
	}
}

function readPlaces(kernel: KernelExports, {analyses}: Program, isOfRows: boolean, huge: HugeSums): AnalysisPlace[] {
	// What rows come to has nothing that is the host's.
	const places = new Places(kernel, kernel.describeFigures(Number(isOfRows)), isOfRows ? null : huge);
	return analyses.map(analysis => places.analysis(analysis));
}

const withSets = ({sets, ...figures}: AnalysisPlace, kernel: KernelExports) => ({
	...figures,
	sets: sets.map((set): SetFigures => readSet(kernel, set)),
});

/** @param isOfRows - Whether it is about all files of the rows, not the source that was read last. */
export const readFigures = (
	kernel: KernelExports,
	program: Program,
	isOfRows: boolean,
	huge: HugeSums,
): AnalysisFigures[] =>
	readPlaces(kernel, program, isOfRows, huge).map(place => ({
		...withSets(place, kernel),
		tables: place.tables.map(table => packTable(kernel, table, isOfRows ? null : huge)),
	}));

/** The figures of an analysis. */
export interface FoundFigures {
	readonly read: () => AnalysisFigures;
	/** With tables in pieces. */
	readonly readInPieces: () => AnalysisFiguresInPieces;
}

/** Of the source that was read last. */
export const findFigures = (kernel: KernelExports, program: Program, huge: HugeSums): FoundFigures[] =>
	readPlaces(kernel, program, false, huge).map(place => ({
		read: () => ({
			...withSets(place, kernel),
			tables: place.tables.map(table => packTable(kernel, table, huge)),
		}),
		readInPieces: () => ({
			...withSets(place, kernel),
			tables: place.tables.map(table => packPieces(kernel, table, huge)),
		}),
	}));

/** Some 200 kB with keys of common length. */
const GROUPS_A_PIECE = 4096;

/** At least one. */
function* packPieces(kernel: KernelExports, table: TablePlace, huge: HugeSums): Generator<TableFigures, void> {
	let from = 0;
	do {
		const to = Math.min(table.groups, from + GROUPS_A_PIECE);
		yield packTable(kernel, table, huge, [from, to]);
		from = to;
	} while (from < table.groups);
}
