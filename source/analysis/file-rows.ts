// The figures of small files on their way from a thread, and as they are kept: for each file a row of numbers, as the kernel writes
// it, and beside them the keys of all groups, once for all files that were sent together.
//
//   row of a file   for each analysis of its program: records │ sums │ ranges │ sets │ tables
//   sum             scale │ units │ count, where it is counted
//   range           earliest │ latest                                   yyyymmdd; 0 and 0 for none
//   set             count × 2 + 1 for an estimate
//   table           0 where it is given up, else groups + 1 │ listed groups │ scale of each sum │ for each listed group:
//                   number of its key │ records │ units of each sum │ count of each counted sum
//   keys of a table length and bytes of each, in the order of their numbers
//
// All are varints (varints.ts), units are signed.
import type {CountedFigures, CountedGroup, CountedTable} from './counted-figures.ts';
import type {AnalysisDeclaration} from './declaration.ts';
import type {SumFigures} from './figures.ts';
import type {SumProgram} from './program.ts';
import {isOptional, layOutStates, tableMeasure} from './state-layout.ts';
import {DamagedBytesError, VarintReader, VarintWriter} from './varints.ts';

/** What of a declaration its rows depend on. */
export interface RowShape {
	readonly sums: readonly RowSum[];
	readonly rangeCount: number;
	readonly setCount: number;
	readonly tables: readonly {readonly keyCount: number; readonly sums: readonly RowSum[]}[];
}

type RowSum = Pick<SumProgram, 'isCounted'>;

/** Keys of the groups of one table, one character per byte, by their numbers: of two parts, one behind the other as in figures.ts. */
export type TableKeys = readonly string[];

/** Numbers the keys of a table as they come. */
export class KeyNumbers {
	readonly #numbers = new Map<string, number>();

	numberOf(key: string): number {
		const known = this.#numbers.get(key);
		if (known !== undefined) return known;
		this.#numbers.set(key, this.#numbers.size);
		return this.#numbers.size - 1;
	}

	encode(): Uint8Array<ArrayBuffer> {
		const writer = new VarintWriter();
		for (const key of this.#numbers.keys()) {
			writer.unsigned(key.length);
			writer.bytes(Buffer.from(key, 'latin1'));
		}
		return writer.take();
	}
}

/** @throws {DamagedBytesError} */
export function decodeKeys(bytes: Uint8Array): TableKeys {
	const reader = new VarintReader(bytes);
	const keys: string[] = [];
	while (reader.bytesLeft > 0) keys.push(latin1(reader.bytes(reader.unsigned())));
	return keys;
}

/** Appends the row of a file that was read in the general way. */
export function encodeRow(
	writer: VarintWriter,
	shape: RowShape,
	figures: CountedFigures,
	keys: readonly KeyNumbers[],
): void {
	writer.unsigned(figures.records);
	for (const [index, sum] of figures.sums.entries()) {
		writer.unsigned(sum.scale);
		writer.signed(sum.units);
		if (shape.sums[index]?.isCounted) writer.unsigned(sum.count);
	}
	for (const range of figures.ranges) {
		writer.unsigned(range === null ? 0 : numberOfDate(range.earliest));
		writer.unsigned(range === null ? 0 : numberOfDate(range.latest));
	}
	for (const {value, exact} of figures.sets) writer.unsigned(2 * value + (exact ? 0 : 1));
	for (const [index, table] of figures.tables.entries()) {
		const sums = shape.tables[index]?.sums ?? [];
		encodeTable(writer, sums, table, keys[index] ?? new KeyNumbers());
	}
}

function encodeTable(
	writer: VarintWriter,
	sums: readonly RowSum[],
	{groupCount, scales, groups}: CountedTable,
	numbers: KeyNumbers,
): void {
	if (groupCount === null) {
		writer.unsigned(0);
		return;
	}
	writer.unsigned(groupCount + 1);
	writer.unsigned(groups.length);
	for (const scale of scales) writer.unsigned(scale);
	for (const group of groups) {
		writer.unsigned(numbers.numberOf(joinKeys(group.keys)));
		writer.unsigned(group.records);
		for (const {units} of group.sums) writer.signed(units);
		for (const [place, {count}] of group.sums.entries()) if (sums[place]?.isCounted) writer.unsigned(count);
	}
}

/**
Reads what `encodeRow` or the kernel wrote.

@param reader - At the row; it is behind it afterwards.
@throws {DamagedBytesError} Where it is not a row of that shape.
*/
export function decodeRow(reader: VarintReader, shape: RowShape, keys: readonly TableKeys[]): CountedFigures {
	const records = reader.unsigned();
	return {
		records,
		sums: shape.sums.map(sum => {
			const scale = reader.unsigned();
			return {scale, units: BigInt(reader.signed()), count: sum.isCounted ? reader.unsigned() : records};
		}),
		ranges: Array.from({length: shape.rangeCount}, () => {
			const [earliest, latest] = [reader.unsigned(), reader.unsigned()];
			return latest === 0 ? null : {earliest: dateOfNumber(earliest), latest: dateOfNumber(latest)};
		}),
		sets: Array.from({length: shape.setCount}, () => {
			const head = reader.unsigned();
			return {value: Math.floor(head / 2), exact: head % 2 === 0};
		}),
		tables: shape.tables.map((table, index) => decodeTable(reader, table, keys[index] ?? [])),
	};
}

function decodeTable(reader: VarintReader, table: RowShape['tables'][number], keys: TableKeys): CountedTable {
	const head = reader.unsigned();
	if (head === 0) return {groupCount: null, scales: table.sums.map(() => 0), groups: []};
	const listed = reader.unsigned();
	const scales = table.sums.map(() => reader.unsigned());
	// Each group takes two bytes at least, so what is made is bounded by the row.
	if (listed > reader.bytesLeft) throw new DamagedBytesError(`Expected ${listed} groups in ${reader.bytesLeft} bytes`);
	const groups = Array.from({length: listed}, (): CountedGroup => {
		const key = keys[reader.unsigned()];
		if (key === undefined) throw new DamagedBytesError('Expected the number of a key');
		const records = reader.unsigned();
		const units = scales.map(() => BigInt(reader.signed()));
		const sums = units.map(
			(each, place): SumFigures => ({
				units: each,
				scale: scales[place] ?? 0,
				count: table.sums[place]?.isCounted ? reader.unsigned() : records,
			}),
		);
		return {keys: splitKey(key, table.keyCount), records, sums};
	});
	return {groupCount: head - 1, scales, groups};
}

const LENGTH_BYTES = 4;

export function joinKeys(keys: readonly string[]): string {
	const [first = '', second] = keys;
	if (second === undefined) return first;
	const length = Buffer.alloc(LENGTH_BYTES);
	length.writeUInt32LE(first.length);
	return latin1(length) + first + second;
}

/** @throws {DamagedBytesError} */
export function splitKey(key: string, partCount: number): readonly string[] {
	if (partCount === 1) return [key];
	if (key.length < LENGTH_BYTES) throw new DamagedBytesError('Expected a key of two parts');
	const end = LENGTH_BYTES + Buffer.from(key.slice(0, LENGTH_BYTES), 'latin1').readUInt32LE();
	if (end > key.length) throw new DamagedBytesError('Expected a key of two parts');
	return [key.slice(LENGTH_BYTES, end), key.slice(end)];
}

const latin1 = ({buffer, byteOffset, length}: Uint8Array): string =>
	Buffer.from(buffer, byteOffset, length).toString('latin1');

const numberOfDate = (date: string): number => Number(date.replaceAll('-', ''));

export function dateOfNumber(number: number): string {
	const digits = String(number).padStart(8, '0');
	return `${digits.slice(0, -4)}-${digits.slice(-4, -2)}-${digits.slice(-2)}`;
}

/** The shape of the rows of an analysis. */
export function rowShapeOf(declaration: AnalysisDeclaration): RowShape {
	const {sums, ranges, sets, tables} = layOutStates(declaration);
	const sumOf = (name: string): RowSum => ({isCounted: isOptional(declaration, name)});
	return {
		sums: Array.from(sums.keys(), sumOf),
		rangeCount: ranges.size,
		setCount: sets.size,
		tables: Array.from(tables, ([name, table]) => ({
			keyCount: tableMeasure(declaration, name).keys.length,
			sums: Array.from(table.sums.keys(), sumOf),
		})),
	};
}
