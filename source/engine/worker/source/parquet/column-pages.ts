// Goes over the pages of a column in a row group: one at a time is unpacked and kept, as the texts of its cells.
import type {PageHeader} from 'hyparquet';
import {parquetHeader} from 'hyparquet/src/column.js';
import {readPlain} from 'hyparquet/src/plain.js';
import {InputError} from '../../../../input/input-error.ts';
import {type Cells, IndexedCells, PackedCells} from './cells.ts';
import {readPageValues, type Storage} from './page-values.ts';
import {corruptParquet, EXPORT_ADVICE, unsupportedParquet} from './parquet-errors.ts';
import type {PagesPlace} from './parquet-footer.ts';
import {type ParquetBytes, readParquetBytes} from './read-parquet-bytes.ts';
import {unpackPage} from './unpack-page.ts';

/** Writers make pages of a megabyte. While one is read, several times as much is in memory. */
const MAX_PAGE_BYTES = 32 * 1024 * 1024;
const MAX_PAGE_VALUES = 1024 * 1024;

/** A header may have the smallest and the largest value of its page. */
const HEADER_BYTES = 64 * 1024;
const LONGEST_HEADER_BYTES = 1024 * 1024;

interface Page {
	readonly header: PageHeader;
	/** As it stands in the file. */
	readonly packed: Uint8Array;
	readonly offset: number;
}

export class ColumnPages {
	readonly #file: ParquetBytes;
	readonly #place: PagesPlace;
	readonly #storage: Storage;
	#offset: number;
	#rowsLeft: number;
	#dictionary: PackedCells | null = null;
	/** The page that is in memory. */
	cells: Cells | null = null;
	/** Of its cells, the next one. */
	at = 0;

	/** @param rows - Of the row group. */
	constructor(file: ParquetBytes, place: PagesPlace, rows: number) {
		this.#file = file;
		this.#place = place;
		this.#offset = place.start;
		this.#rowsLeft = rows;
		const {type, type_length: valueBytes, repetition_type: repetition} = place.column.element;
		if (type === undefined) throw new Error('Expected a column with a type');
		this.#storage = {type, valueBytes, hasEmptyCells: repetition !== 'REQUIRED'};
	}

	/** Reads a page where no cells are in memory; resolves with how many there are. */
	async prepare(): Promise<number> {
		while (this.cells === null || this.at === this.cells.count) {
			this.at = 0;
			this.cells = await this.#readPage();
		}
		return this.cells.count - this.at;
	}

	/** How many cells are in memory and not passed yet. */
	get ready(): number {
		return this.cells === null ? 0 : this.cells.count - this.at;
	}

	/** Of the file. */
	get bytesRead(): number {
		return this.#offset - this.#place.start;
	}

	/** @returns `null` where it has no rows. */
	async #readPage(): Promise<Cells | null> {
		const page = await this.#nextPage();
		try {
			return this.#cellsOf(page);
		} catch (error) {
			if (error instanceof InputError) throw error;
			throw this.#damaged((error as Error).message, page.offset);
		}
	}

	#cellsOf({header, packed}: Page): Cells | null {
		const {crc32} = process.getBuiltinModule('node:zlib');
		if (header.crc !== undefined && header.crc >>> 0 !== crc32(packed)) throw new Error('its checksum is another one');
		const {text} = this.#place.column;
		if (header.type === 'DICTIONARY_PAGE') {
			const bytes = unpackPage(packed, header, this.#place.codec);
			const reader = {view: new DataView(bytes.buffer, bytes.byteOffset, bytes.length), offset: 0};
			const count = header.dictionary_page_header?.num_values ?? 0;
			const {type, valueBytes} = this.#storage;
			this.#dictionary = this.#assertText(new PackedCells(readPlain(reader, type, count, valueBytes), null, text));
			return null;
		}
		if (header.type === 'INDEX_PAGE' || countOf(header) === 0) return null;
		this.#rowsLeft -= countOf(header);
		const bytes = unpackPage(packed, header, this.#place.codec);
		const {levels, values, isIndexed} = readPageValues(bytes, header, this.#storage, MAX_PAGE_BYTES);
		if (!isIndexed) return this.#assertText(new PackedCells(values, levels, text));
		if (this.#dictionary === null) throw new Error('its dictionary is missing');
		return new IndexedCells(values as Int32Array, levels, this.#dictionary);
	}

	#assertText(cells: PackedCells): PackedCells {
		if (cells.areText) return cells;
		throw unsupportedParquet(
			`${this.#name} has values that are not text in UTF-8`,
			this.#place.column.text.isText
				? 'It says that it has: write it again with sound text'
				: `Leave the column out, or turn it into text. ${EXPORT_ADVICE}`,
		);
	}

	async #nextPage(): Promise<Page> {
		const offset = this.#offset;
		const left = this.#place.end - offset;
		if (left <= 0) throw corruptParquet(`${this.#name} has ${this.#rowsLeft} rows less than its row group`, offset);
		for (let length = Math.min(left, HEADER_BYTES); ; length = Math.min(left, LONGEST_HEADER_BYTES)) {
			const bytes = await readParquetBytes(this.#file, offset, offset + length);
			const reader = {view: new DataView(bytes.buffer, bytes.byteOffset, bytes.length), offset: 0};
			let header: PageHeader;
			try {
				header = parquetHeader(reader);
			} catch (error) {
				if (length < Math.min(left, LONGEST_HEADER_BYTES)) continue;
				throw this.#damaged(`its header cannot be read: ${(error as Error).message}`, offset);
			}
			const start = reader.offset;
			this.#assertSound(header, left - start, offset);
			const end = start + header.compressed_page_size;
			this.#offset += end;
			const packed =
				end <= length ? bytes.subarray(start, end) : await readParquetBytes(this.#file, offset + start, offset + end);
			return {header, packed, offset};
		}
	}

	/** Before anything is unpacked. */
	#assertSound(header: PageHeader, left: number, offset: number): void {
		const {type, compressed_page_size: packed, uncompressed_page_size: unpacked} = header;
		if (type === undefined || !(packed >= 0 && unpacked >= 0)) throw this.#damaged('its header is none', offset);
		if (packed > left) throw this.#damaged(`it has ${packed} bytes, and ${left} are left of the column`, offset);
		const values = countOf(header);
		if (values < 0 || (type !== 'DICTIONARY_PAGE' && values > this.#rowsLeft))
			throw this.#damaged(`it has ${values} values, and ${this.#rowsLeft} rows are left of the row group`, offset);
		if (Math.max(packed, unpacked) > MAX_PAGE_BYTES || values > MAX_PAGE_VALUES) {
			throw unsupportedParquet(
				`a page of ${this.#name} has ${values} values in ${unpacked} bytes, and at most ${MAX_PAGE_VALUES} in ${MAX_PAGE_BYTES} are kept in memory`,
				`Write it again with smaller pages. ${EXPORT_ADVICE}`,
			);
		}
		const {data_page_header: first} = header;
		if (first !== undefined && this.#storage.hasEmptyCells && first.definition_level_encoding !== 'RLE')
			throw unsupportedParquet('its empty cells are told in an old way (BIT_PACKED)', EXPORT_ADVICE);
	}

	get #name(): string {
		return `the column ${JSON.stringify(this.#place.column.element.name)}`;
	}

	#damaged(reason: string, offset: number): InputError {
		return corruptParquet(`the page of ${this.#name} at byte ${offset}: ${reason}`, offset);
	}
}

/** Cells, or values of a dictionary. */
const countOf = ({
	data_page_header: first,
	data_page_header_v2: second,
	dictionary_page_header: third,
}: PageHeader): number => (first ?? second ?? third)?.num_values ?? 0;
