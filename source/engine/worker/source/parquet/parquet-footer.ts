// What stands at the end of a Parquet file: its columns, and where their pages are.
import {
	type ColumnChunk,
	type CompressionCodec,
	type FileMetaData,
	parquetMetadata,
	parquetSchema,
	type SchemaElement,
	type SchemaTree,
} from 'hyparquet';
import {type CellText, cellTextOf} from './cell-text.ts';
import {corruptParquet, EXPORT_ADVICE, unsupportedParquet} from './parquet-errors.ts';
import {type ParquetBytes, readParquetBytes} from './read-parquet-bytes.ts';

/** Its length, and the mark that the file begins with, too. */
const TAIL_BYTES = 8;
const MARK_BYTES = 4;
/** As objects it takes ten times as much. */
const MAX_FOOTER_BYTES = 16 * 1024 * 1024;

/** The library takes a buffer as a whole. */
const bufferOf = ({buffer, byteOffset, byteLength}: Uint8Array<ArrayBuffer>): ArrayBuffer =>
	byteLength === buffer.byteLength ? buffer : buffer.slice(byteOffset, byteOffset + byteLength);

export interface ParquetColumn {
	readonly element: SchemaElement;
	readonly text: CellText;
}

/** The pages of one column in a row group. */
export interface PagesPlace {
	readonly column: ParquetColumn;
	readonly start: number;
	readonly end: number;
	readonly codec: CompressionCodec;
}

export interface RowGroupPlace {
	readonly rows: number;
	readonly columns: readonly PagesPlace[];
}

export interface ParquetFooter {
	readonly columns: readonly ParquetColumn[];
	readonly rowGroups: readonly RowGroupPlace[];
}

/** @throws {InputError} Where it is damaged, or says of the file what is not read. */
export async function readFooter(file: ParquetBytes): Promise<ParquetFooter> {
	const {size} = file;
	if (size < MARK_BYTES + TAIL_BYTES) throw cutOff(size);
	const tail = Buffer.from(await readParquetBytes(file, size - TAIL_BYTES, size));
	const mark = tail.toString('latin1', TAIL_BYTES - MARK_BYTES);
	if (mark === 'PARE') throw encrypted();
	if (mark !== 'PAR1') throw cutOff(size);
	const footerBytes = tail.readUInt32LE(0);
	const start = size - TAIL_BYTES - footerBytes;
	if (start < MARK_BYTES)
		throw corruptParquet(`its footer should take ${footerBytes} of its ${size} bytes`, size - TAIL_BYTES);
	if (footerBytes > MAX_FOOTER_BYTES) {
		throw unsupportedParquet(
			`its footer has ${footerBytes} bytes, and at most ${MAX_FOOTER_BYTES} are kept in memory`,
			'Write it again with larger row groups, or in several files',
		);
	}
	const metadata = decode(bufferOf(await readParquetBytes(file, start, size)), start);
	const columns = columnsOf(metadata, start);
	const rowGroups = metadata.row_groups.map(group => {
		const rows = Number(group.num_rows);
		if (group.columns.length !== columns.length) {
			const counts = `${group.columns.length} columns in a row group, ${columns.length} in the table`;
			throw corruptParquet(`its footer tells of ${counts}`, start);
		}
		return {rows, columns: columns.map((column, index) => placeOf(column, group.columns[index], start))};
	});
	const rows = rowGroups.reduce((sum, group) => sum + group.rows, 0);
	if (rows !== Number(metadata.num_rows))
		throw corruptParquet(`its footer tells of ${metadata.num_rows} rows, and its row groups of ${rows}`, start);
	return {columns, rowGroups};
}

/** What is made of statistics, which are not asked for. */
const nothing = (): undefined => undefined;

function decode(bytes: ArrayBuffer, start: number): FileMetaData {
	try {
		const parsers = {
			...{timestampFromMilliseconds: nothing, timestampFromMicroseconds: nothing, timestampFromNanoseconds: nothing},
			...{dateFromDays: nothing, stringFromBytes: nothing, uuidFromBytes: nothing},
		};
		return parquetMetadata(bytes, {parsers, geoparquet: false});
	} catch (error) {
		throw corruptParquet(`its footer cannot be read (${(error as Error).message})`, start);
	}
}

function columnsOf(metadata: FileMetaData, start: number): ParquetColumn[] {
	let root: SchemaTree;
	try {
		root = parquetSchema(metadata);
	} catch (error) {
		throw corruptParquet(`its schema cannot be read (${(error as Error).message})`, start);
	}
	return root.children.map(({element, children}) => {
		if (children.length > 0 || element.repetition_type === 'REPEATED') {
			throw unsupportedParquet(
				`the column ${JSON.stringify(element.name)} has several values in a cell (a list, a map or a structure)`,
				`Leave the column out, or turn it into text or into columns. ${EXPORT_ADVICE}`,
			);
		}
		return {element, text: cellTextOf(element)};
	});
}

function placeOf(column: ParquetColumn, chunk: ColumnChunk | undefined, footerStart: number): PagesPlace {
	const {meta_data: data, file_path: path} = chunk ?? {};
	const {name, type} = column.element;
	if (path) throw unsupportedParquet(`the column ${JSON.stringify(name)} is in another file (${path})`, EXPORT_ADVICE);
	if (chunk?.crypto_metadata !== undefined || chunk?.encrypted_column_metadata !== undefined) throw encrypted();
	if (data === undefined)
		throw corruptParquet(`its footer does not say where the column ${JSON.stringify(name)} is`, footerStart);
	const dictionary = Number(data.dictionary_page_offset ?? 0);
	const pages = Number(data.data_page_offset);
	const start = dictionary > 0 && dictionary < pages ? dictionary : pages;
	const end = start + Number(data.total_compressed_size);
	if (!(start >= MARK_BYTES && start <= end && end <= footerStart) || data.type !== type)
		throw corruptParquet(`its footer says of the column ${JSON.stringify(name)} what cannot be`, footerStart);
	return {column, start, end, codec: data.codec};
}

const cutOff = (size: number): ReturnType<typeof corruptParquet> =>
	corruptParquet(`it is cut off: it should end with PAR1, and its ${size} bytes do not`, size);

const encrypted = (): ReturnType<typeof unsupportedParquet> =>
	unsupportedParquet('it is encrypted', 'Decrypt it first with the program that wrote it');
