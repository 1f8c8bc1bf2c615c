// Reads what analyses keep: assembly/figures.ts says where it is.
import type {KernelExports} from './exports.ts';
import type {
	KernelFigures,
	KernelFiguresBut,
	KernelFiguresInPieces,
	KernelProgram,
	KernelSetFigures,
	KernelSum,
	KernelTable,
	KernelTableFigures,
	Sum,
} from './program.ts';
import {readSet, SET_WORDS, type SetPlace} from './sets.ts';
import {addSums, type HugeSums, readSum, withScale} from './sums.ts';
import {packTable, type SummandPlace, type TablePlace} from './tables.ts';

/** Where the figures of an analysis are; they are read once all places are known, for reading may move the memory. */
interface AnalysisPlace extends Omit<KernelFiguresBut<TablePlace>, 'sets'> {
	readonly sets: readonly SetPlace[];
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

	analysis({sums, ranges, sets, tables}: KernelProgram['analyses'][number]): AnalysisPlace {
		const records = this.#count();
		return {
			records,
			sums: sums.map(() => this.#sum()),
			ranges: ranges.map(() => this.#range()),
			sets: sets.map(() => this.#set()),
			tables: tables.map(table => this.#table(table)),
		};
	}

	#sum(): Sum & {readonly count: number} {
		const units = readSum(this.#view, this.#at * 4);
		this.#at += 4;
		const count = this.#count();
		const sum = withScale(units, this.#next(), this.#next());
		const huge = this.#huge?.of(this.#summand++, '');
		return {...(huge === undefined ? sum : addSums(sum, huge)), count};
	}

	#range(): {readonly earliest: string; readonly latest: string} | null {
		const [earliest, latest] = [this.#next(), this.#next()];
		return latest === 0 ? null : {earliest: formatDate(earliest), latest: formatDate(latest)};
	}

	#set(): SetPlace {
		const words = this.#words.subarray(this.#at, this.#at + SET_WORDS);
		this.#at += SET_WORDS;
		return Array.from(words);
	}

	#table({sums}: KernelTable): TablePlace {
		const [isGivenUp, groups, list, records, isLed] = [
			this.#next() !== 0,
			this.#next(),
			this.#next(),
			this.#next(),
			this.#next(),
		];
		this.#summand += isLed;
		const summands = sums.map(({isCounted}: KernelSum): SummandPlace => {
			const [sum, scale, ownScale] = [this.#next(), this.#next(), this.#next()];
			return {number: this.#summand++, isCounted, sum, scale, ownScale};
		});
		return {isGivenUp, groups, list, records, summands};
	}
}

function readPlaces(
	kernel: KernelExports,
	{analyses}: KernelProgram,
	isOfRows: boolean,
	huge: HugeSums,
): AnalysisPlace[] {
	// What rows come to has nothing that is the host's.
	const places = new Places(kernel, kernel.describeFigures(Number(isOfRows)), isOfRows ? null : huge);
	return analyses.map(analysis => places.analysis(analysis));
}

const withSets = ({sets, ...figures}: AnalysisPlace, kernel: KernelExports) => ({
	...figures,
	sets: sets.map((set): KernelSetFigures => readSet(kernel, set)),
});

/** @param isOfRows - Whether it is about all files of the rows, not the source that was read last. */
export const readFigures = (
	kernel: KernelExports,
	program: KernelProgram,
	isOfRows: boolean,
	huge: HugeSums,
): KernelFigures[] =>
	readPlaces(kernel, program, isOfRows, huge).map(place => ({
		...withSets(place, kernel),
		tables: place.tables.map(table => packTable(kernel, table, isOfRows ? null : huge)),
	}));

export const readFiguresInPieces = (
	kernel: KernelExports,
	program: KernelProgram,
	huge: HugeSums,
): KernelFiguresInPieces[] =>
	readPlaces(kernel, program, false, huge).map(place => ({
		...withSets(place, kernel),
		tables: place.tables.map(table => packPieces(kernel, table, huge)),
	}));

/** So many groups take some 200 kB with keys of common length. */
const GROUPS_A_PIECE = 4096;

/** At least one. */
function* packPieces(kernel: KernelExports, table: TablePlace, huge: HugeSums): Generator<KernelTableFigures, void> {
	let from = 0;
	do {
		const to = Math.min(table.groups, from + GROUPS_A_PIECE);
		yield packTable(kernel, table, huge, [from, to]);
		from = to;
	} while (from < table.groups);
}

/** @param date - As the number yyyymmdd. */
function formatDate(date: number): string {
	const digits = String(date).padStart(8, '0');
	return `${digits.slice(0, 4)}-${digits.slice(4, 6)}-${digits.slice(6)}`;
}
