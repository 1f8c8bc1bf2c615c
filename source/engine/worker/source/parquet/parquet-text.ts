// A Parquet file as the CSV file that says the same: names in front, a record for each row, commas, quotes where they are needed, LF, UTF-8. So
// all that is made of CSV files is made of these. A page of each column is in memory at a time, however large the file or a row group is.
import type {ByteSource} from '../../../../input/byte-source.ts';
import type {InputError} from '../../../../input/input-error.ts';
import {createBound, type UnpackLimits} from '../../../unpacking/unpacked-source.ts';
import {ByteWriter} from './cells.ts';
import {ColumnPages} from './column-pages.ts';
import {unsupportedParquet} from './parquet-errors.ts';
import {type ParquetFooter, type RowGroupPlace, readFooter} from './parquet-footer.ts';
import type {ParquetBytes} from './read-parquet-bytes.ts';

/** So much text is made at a time. */
const PIECE_BYTES = 256 * 1024;
/** Of the pages of all columns. */
const MAX_OPEN_BYTES = 64 * 1024 * 1024;

const COMMA = 0x2c;
const LF = 0x0a;

export class ParquetText implements ByteSource {
	readonly #file: ParquetBytes;
	readonly #assertWithin: ReturnType<typeof createBound>;
	readonly #onRead: () => void;
	#footer: ParquetFooter | null = null;
	#rowGroups: readonly RowGroupPlace[] = [];
	#columns: readonly ColumnPages[] = [];
	/** Of the current row group. */
	#rowsLeft = 0;
	readonly #writer = new ByteWriter();
	#text: Uint8Array = new Uint8Array(0);
	/** Of the row groups that are over. */
	#bytesPassed = 0;
	#hasEnded = false;

	constructor(file: ParquetBytes, limits: UnpackLimits, onRead: () => void = () => {}) {
		this.#file = file;
		this.#assertWithin = createBound(limits);
		this.#onRead = onRead;
	}

	/** Of the file; at the end all of it, also what nobody needed of it. */
	get bytesRead(): number {
		if (this.#hasEnded) return this.#file.size;
		return this.#columns.reduce((sum, {bytesRead}) => sum + bytesRead, this.#bytesPassed);
	}

	async read(target: Uint8Array): Promise<number> {
		while (this.#text.length === 0 && !this.#hasEnded) {
			await this.#makeText();
			this.#assertWithin(this.#text.length, this.bytesRead);
			this.#onRead();
		}
		const part = this.#text.subarray(0, target.length);
		target.set(part);
		this.#text = this.#text.subarray(part.length);
		return part.length;
	}

	async #makeText(): Promise<void> {
		if (this.#footer === null) {
			this.#footer = await readFooter(this.#file);
			this.#rowGroups = this.#footer.rowGroups;
			this.#writeNames(this.#footer);
		} else {
			while (this.#writer.length < PIECE_BYTES && this.#beginRows()) await this.#writeRows();
			this.#hasEnded = this.#writer.length === 0;
		}
		this.#text = this.#writer.take();
	}

	#writeNames({columns}: ParquetFooter): void {
		if (columns.length === 0) return;
		const start = this.#writer.length;
		for (const {element} of columns) {
			this.#writer.writeField(Buffer.from(element.name));
			this.#writer.writeByte(COMMA);
		}
		this.#endRecord(start);
	}

	/** Whether there is another row. */
	#beginRows(): boolean {
		while (this.#rowsLeft === 0) {
			this.#bytesPassed += this.#columns.reduce((sum, {bytesRead}) => sum + bytesRead, 0);
			this.#columns = [];
			const [group, ...rest] = this.#rowGroups;
			if (group === undefined || group.columns.length === 0) return false;
			this.#rowGroups = rest;
			this.#rowsLeft = group.rows;
			this.#columns = group.columns.map(place => new ColumnPages(this.#file, place, group.rows));
		}
		return true;
	}

	/** Rows of which a cell of each column is in memory. */
	async #writeRows(): Promise<void> {
		let rows = this.#rowsLeft;
		let openBytes = 0;
		for (const column of this.#columns) {
			rows = Math.min(rows, column.ready || (await column.prepare()));
			openBytes += column.cells?.memoryBytes ?? 0;
			if (openBytes > MAX_OPEN_BYTES) throw tooLargePages(this.#columns.length);
		}
		const pages = this.#columns.map(({cells, at}) => ({cells, at}));
		let row = 0;
		while (row < rows && this.#writer.length < PIECE_BYTES) {
			const start = this.#writer.length;
			for (const {cells, at} of pages) cells?.write(at + row, this.#writer);
			this.#endRecord(start);
			row++;
		}
		for (const column of this.#columns) column.at += row;
		this.#rowsLeft -= row;
	}

	/** The last comma becomes the end of the line. One that is alone would leave a blank line, which is no record. */
	#endRecord(start: number): void {
		if (this.#writer.length === start + 1) {
			this.#writer.length = start;
			this.#writer.writeAscii('"",');
		}
		this.#writer.bytes[this.#writer.length - 1] = LF;
	}
}

const tooLargePages = (columns: number): InputError =>
	unsupportedParquet(
		`a page of each of its ${columns} columns takes more than ${MAX_OPEN_BYTES} bytes together, which are kept in memory`,
		'Write it again with smaller pages, or with fewer columns',
	);
