// The file of --rejects: each rejected record of a run, with its place and reason, in the columns of its own file. Files with different
// headings share it: it has the columns of all of them, by their names, and a record has nothing in those that its file does not have.

import {describeRecord} from '../../analysis/quality/table-faults.ts';
import {decodeBytes} from '../../analysis/text-encoding.ts';
import {readEntries, readEntry, readRecords, recordEnd, type SpoolEntry} from '../../engine/results/spool-entries.ts';
import {REJECT_VALUE_LENGTH} from '../../engine/shared/reject-report.ts';
import {ENTRY_BYTES, type SpooledRejects, spooledRejectsOf} from '../../engine/shared/spooled-rejects.ts';
import {showInvalid} from '../../input/encodings/invalid-bytes.ts';
import {RejectRows, type RejectRowTexts} from '../../kernel/reject-rows.ts';
import {rejectReasons} from '../../kernel/rejects.ts';
import type {FileReport} from '../../model/report.ts';
import {REJECTS_COLUMNS} from '../../text/rejects-heading.ts';
import {RecordFields, unquote} from './record-fields.ts';
import {encodeField, RowPage} from './row-page.ts';

const PAGE_BYTES = 256 * 1024;
const COMMA = 0x2c;
const QUOTE = 0x22;
/** The kernel knows what is told of records of fewer fields. */
const COUNTED_FIELDS = 64;

/** A file of a run, with what is remembered of its rejected records: see engine/shared/spooled-rejects.ts. */
export type RejectingFile = Pick<FileReport, 'file' | 'rejected_rows'>;

export interface RejectsSource {
	/** In the order of the plan. */
	readonly files: readonly RejectingFile[];
	/** Of the spool. */
	readonly descriptor: number;
	/** No more records are listed. */
	readonly maxRecords: number;
	/** Writes most rows where there are many; see load-reject-rows.ts. */
	readonly rejectRows?: RejectRows | null;
}

/** The columns of all files, each once; of a heading that has a name several times, that often. */
class Columns {
	readonly names: string[] = [];
	readonly #places = new Map<string, number>();

	/** @returns Which of them are those of a file, in its order. */
	place(names: readonly string[]): readonly number[] {
		const seen = new Map<string, number>();
		return names.map(name => {
			const turn = (seen.get(name) ?? 0) + 1;
			seen.set(name, turn);
			const key = `${turn} ${name}`;
			const place = this.#places.get(key) ?? this.names.push(name) - 1;
			this.#places.set(key, place);
			return place;
		});
	}
}

interface FileRejects {
	readonly file: string;
	readonly spooled: SpooledRejects;
	readonly names: readonly string[];
	/** For each of all columns, which field of the file's records stands there; -1 for none. */
	fields: readonly number[];
}

/** How many records of files were rejected. */
export const countRejected = (files: readonly RejectingFile[]): number =>
	files.reduce((sum, report) => sum + report.rejected_rows, 0);

/** The bytes of the file, in pages; each is good until the next one is asked for. */
export function* rejectsCsvPages({
	files,
	descriptor,
	maxRecords,
	rejectRows = null,
}: RejectsSource): Generator<Uint8Array, void> {
	const columns = new Columns();
	const placed = files.flatMap(report => {
		const spooled = spooledRejectsOf(report);
		if (spooled === undefined) return [];
		const names = spooled.names.map(name => decodeBytes(name, spooled.encoding));
		return [{file: report.file, spooled, names, places: columns.place(names)}];
	});
	const page = new RowPage();
	for (const name of [...REJECTS_COLUMNS, ...columns.names]) page.addText(name);
	page.endRow();
	let listed = 0;
	for (const {places, ...rest} of placed) {
		const fields = Array.from(columns.names, (_, place) => places.indexOf(place));
		const rows = new FileRows({...rest, fields}, page, rejectRows);
		for (const part of rest.spooled.parts) {
			for (const records of readRecords(descriptor, part)) {
				listed += rows.add(records, part.lineShift, maxRecords - listed);
				if (page.length >= PAGE_BYTES) yield page.take();
			}
		}
	}
	const more = countRejected(files) - listed;
	if (more > 0) {
		page.addEmpty(REJECTS_COLUMNS.indexOf('_reason'));
		page.addText('not-listed');
		page.addText(describeMore(more, maxRecords));
		page.addEmpty(REJECTS_COLUMNS.length + columns.names.length - REJECTS_COLUMNS.indexOf('_value') - 1);
		page.endRow();
	}
	yield page.take();
}

const describeMore = (more: number, maxRecords: number): string =>
	`${more} more rejected record${more === 1 ? ' is' : 's are'} not listed: --max-rejects ${maxRecords}`;

/** So many different ones are kept as they stand in the rows. */
const MAX_VALUES_KEPT = 1000;

/** Writes the records of one file. */
class FileRows {
	readonly #file: FileRejects;
	readonly #page: RowPage;
	readonly #fields = new RecordFields();
	readonly #delimiter: number;
	readonly #quote: number;
	/** As they stand in the rows. */
	readonly #fileField: Buffer;
	readonly #nameFields: readonly Buffer[];
	/** Whether all columns are those of the file, in its order. */
	readonly #isSameOrder: boolean;
	/** As they stand in the rows, by their numbers: what is told of a record in `_reason` and `_value`. */
	readonly #reasonFields = new Map<number, Buffer>();
	readonly #valueFields = new Map<number, Buffer | null>();

	/** Writes most rows, with what they have in common; `null` where it cannot write those of the file. */
	readonly #byKernel: {readonly rows: RejectRows; readonly common: RejectRowTexts} | null;

	constructor(file: FileRejects, page: RowPage, rejectRows: RejectRows | null) {
		this.#file = file;
		this.#page = page;
		this.#delimiter = file.spooled.delimiter.charCodeAt(0);
		this.#quote = file.spooled.quote.charCodeAt(0);
		this.#fileField = encodeField(file.file);
		this.#nameFields = file.names.map(encodeField);
		this.#isSameOrder = file.fields.every((field, place) => field === place);
		const isUsual = this.#isSameOrder && this.#delimiter === COMMA && this.#quote === QUOTE;
		const common = isUsual && rejectRows !== null ? this.#texts() : null;
		this.#byKernel =
			common !== null && rejectRows !== null && RejectRows.hasRoomFor(common) ? {rows: rejectRows, common} : null;
	}

	/**
	@param records - Whole ones, of the spool.
	@param most - No more records are written.
	@returns How many were.
	*/
	add(records: Buffer, lineShift: number, most: number): number {
		const heads = new DataView(records.buffer, records.byteOffset, records.length);
		const byKernel = this.#byKernel;
		const kernelRows = byKernel?.rows.load(records, byKernel.common) === true ? byKernel.rows : null;
		let written = 0;
		let at = 0;
		while (at < records.length && written < most) {
			const {next, count} = kernelRows?.write(at, lineShift, most - written) ?? {next: at, count: 0};
			if (kernelRows !== null && count > 0) this.#page.addRows(kernelRows.rows);
			at = next;
			written += count;
			if (count > 0) continue;
			const start = at + ENTRY_BYTES;
			const end = start + heads.getUint32(at, true);
			const behind = recordEnd(records, at);
			const isSingle = behind === end;
			if (!isSingle || !this.#writePlain(records, heads, at, start, end, lineShift))
				this.#write([...readEntries(records, at, behind, lineShift)]);
			at = behind;
			written++;
		}
		return written;
	}

	#texts(): RejectRowTexts {
		const {names, spooled} = this.#file;
		const places = [-1, ...(spooled.analyses ?? ['']).keys()];
		return {
			file: this.#fileField,
			names: this.#nameFields,
			reasons: places.map(analysis => rejectReasons.map(reason => encodeField(this.#reasonOf({reason, analysis})))),
			fieldCounts: Array.from({length: COUNTED_FIELDS}, (_, count) =>
				encodeField(describeRecord('field-count', count, names.length) ?? ''),
			),
			maxValueBytes: REJECT_VALUE_LENGTH,
		};
	}

	/** Writes most records, without any object for them. @returns False where a record is not as most are. */
	#writePlain(bytes: Buffer, heads: DataView, at: number, start: number, end: number, lineShift: number): boolean {
		const fields = this.#fields;
		const page = this.#page;
		const column = heads.getInt32(at + 24, true);
		fields.split(bytes, start, end, this.#delimiter, this.#quote);
		if (!fields.isPlain) return false;
		const [valueStart, valueEnd] = column === -1 ? [0, 0] : [fields.startOf(column), fields.endOf(column)];
		const value = column === -1 ? this.#valueFieldAt(bytes, heads, at) : null;
		if (column === -1 ? value === null : valueEnd - valueStart > REJECT_VALUE_LENGTH) return false;
		page.addRaw(this.#fileField);
		page.addNumber(heads.getFloat64(at + 16, true) + lineShift);
		page.addNumber(heads.getFloat64(at + 8, true));
		const name = this.#nameFields[column];
		if (name === undefined) page.addEmpty(1);
		else page.addRaw(name);
		page.addRaw(this.#reasonFieldAt(bytes, heads, at));
		if (value === null) page.addRaw(bytes, valueStart, valueEnd);
		else page.addRaw(value);
		page.addQuoted(bytes, start, end);
		if (fields.count === this.#file.names.length && this.#isSameOrder) page.addRaw(bytes, start, end);
		else for (const field of this.#file.fields) this.#addField(bytes, field);
		page.endRow();
		return true;
	}

	#reasonFieldAt(bytes: Buffer, heads: DataView, at: number): Buffer {
		const key = heads.getInt32(at + 32, true) + 256 * heads.getInt32(at + 36, true);
		const known = this.#reasonFields.get(key) ?? encodeField(this.#reasonOf(readEntry(bytes, at, 0)));
		this.#reasonFields.set(key, known);
		return known;
	}

	/** What is told of a whole record; `null` where it is a text of its own. */
	#valueFieldAt(bytes: Buffer, heads: DataView, at: number): Buffer | null {
		const key = heads.getInt32(at + 32, true) + 256 * heads.getInt32(at + 28, true);
		const known = this.#valueFields.get(key);
		if (known !== undefined) return known;
		const {reason, fieldCount} = readEntry(bytes, at, 0);
		const value = describeRecord(reason, fieldCount, this.#file.names.length);
		const field = value === null ? null : encodeField(value);
		if (this.#valueFields.size < MAX_VALUES_KEPT) this.#valueFields.set(key, field);
		return field;
	}

	/** @param entries - Of the same record: at least one. */
	#write(entries: readonly SpoolEntry[]): void {
		const [first] = entries;
		if (first === undefined) throw new Error('Expected an entry');
		const {record} = first;
		const page = this.#page;
		const fields = this.#fields;
		fields.split(record, 0, record.length, this.#delimiter, this.#quote);
		page.addRaw(this.#fileField);
		page.addNumber(first.line);
		page.addNumber(first.byteOffset);
		this.#addFaults(entries, record);
		if (fields.isPlain) page.addQuoted(record, 0, record.length);
		else page.addText(this.#decode(record, 0, record.length));
		for (const field of this.#file.fields) this.#addField(record, field);
		page.endRow();
	}

	/** What several analyses say of the same record, in their order. */
	#addFaults(entries: readonly SpoolEntry[], record: Buffer): void {
		const join = (tell: (entry: SpoolEntry) => string): string => entries.map(tell).join('; ');
		this.#page.addText(join(({column}) => this.#file.names[column] ?? ''));
		this.#page.addText(join(entry => this.#reasonOf(entry)));
		this.#page.addText(join(entry => this.#valueOf(entry, record)));
	}

	#addField(record: Buffer, field: number): void {
		const fields = this.#fields;
		if (field === -1 || field >= fields.count) this.#page.addEmpty(1);
		else if (fields.isPlain) this.#page.addRaw(record, fields.startOf(field), fields.endOf(field));
		else {
			const text = this.#decode(record, fields.startOf(field), fields.endOf(field));
			this.#page.addText(unquote(text, this.#file.spooled.quote));
		}
	}

	#reasonOf({reason, analysis}: Pick<SpoolEntry, 'reason' | 'analysis'>): string {
		const name = this.#file.spooled.analyses?.[analysis];
		return name === undefined ? reason : `${name}: ${reason}`;
	}

	#valueOf({reason, column, fieldCount, said}: SpoolEntry, record: Buffer): string {
		if (reason === 'not-accepted') return said.toString();
		const ofRecord = describeRecord(reason, fieldCount, this.#file.names.length);
		if (ofRecord !== null) return ofRecord;
		const {quote, encoding} = this.#file.spooled;
		const field = record.toString('latin1', this.#fields.startOf(column), this.#fields.endOf(column));
		// Fields have invalid bytes as they are noted, so that they are rejected again until somebody mends them; the value shows them.
		const value = unquote(decodeBytes(showInvalid(field), encoding), quote);
		return value.length > REJECT_VALUE_LENGTH ? Array.from(value).slice(0, REJECT_VALUE_LENGTH).join('') : value;
	}

	#decode(record: Buffer, start: number, end: number): string {
		return decodeBytes(record.toString('latin1', start, end), this.#file.spooled.encoding);
	}
}
