// The file of --rejects: each rejected record of a run, with its place and reason, in the columns of its own file. Files with different
// headings share it: it has the columns of all of them, by their names, and a record has nothing in those that its file does not have.

import {describeRecord} from '../../../analysis/quality/table-faults.ts';
import {decodeBytes} from '../../../analysis/text-encoding.ts';
import {readEntries, type SpoolEntry} from '../../../engine/results/spool-entries.ts';
import {REJECT_VALUE_LENGTH} from '../../../engine/shared/reject-report.ts';
import {type SpooledRejects, spooledRejectsOf} from '../../../engine/shared/spooled-rejects.ts';
import {showInvalid} from '../../../input/encodings/invalid-bytes.ts';
import type {FileReport} from '../../../model/report.ts';
import {REJECTS_COLUMNS} from '../../../text/rejects-heading.ts';
import {RecordFields, unquote} from './record-fields.ts';
import {encodeField, RowPage} from './row-page.ts';

const PAGE_BYTES = 64 * 1024;

/** A file of a run, with what is remembered of its rejected records: see engine/shared/spooled-rejects.ts. */
export type RejectingFile = Pick<FileReport, 'file' | 'rejected_rows'>;

export interface RejectsSource {
	/** In the order of the plan. */
	readonly files: readonly RejectingFile[];
	/** Of the spool. */
	readonly descriptor: number;
	/** No more records are listed. */
	readonly maxRecords: number;
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

/** The bytes of the file, in pages; each is good until the next one is asked for. */
export function* rejectsCsvPages({files, descriptor, maxRecords}: RejectsSource): Generator<Uint8Array, void> {
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
		const rows = new FileRows({...rest, fields}, page);
		for (const part of rest.spooled.parts) {
			for (const entries of readEntries(descriptor, part)) {
				listed += rows.add(entries, maxRecords - listed);
				if (page.length >= PAGE_BYTES) yield page.take();
			}
			listed += rows.endPart(maxRecords - listed);
		}
	}
	const more = files.reduce((sum, report) => sum + report.rejected_rows, 0) - listed;
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
	readonly #reasonFields = new Map<string, Buffer>();
	/** Of a record of which more may come. */
	#open: SpoolEntry[] = [];

	constructor(file: FileRejects, page: RowPage) {
		this.#file = file;
		this.#page = page;
		this.#delimiter = file.spooled.delimiter.charCodeAt(0);
		this.#quote = file.spooled.quote.charCodeAt(0);
		this.#fileField = encodeField(file.file);
		this.#nameFields = file.names.map(encodeField);
		this.#isSameOrder = file.fields.every((field, place) => field === place);
	}

	/**
	@param most - No more records are written.
	@returns How many were.
	*/
	add(entries: readonly SpoolEntry[], most: number): number {
		let written = 0;
		for (const entry of entries) {
			if (entry.record.length > 0) written += this.endPart(most - written);
			this.#open.push(entry);
		}
		return written;
	}

	/** To be called when nothing comes of the last record any more. */
	endPart(most: number): number {
		if (this.#open.length === 0 || most === 0) return 0;
		this.#write(this.#open);
		this.#open = [];
		return 1;
	}

	/** @param entries - Of the same record: at least one. */
	#write(entries: readonly SpoolEntry[]): void {
		const [first] = entries;
		if (first === undefined) throw new Error('Expected an entry');
		const {record} = first;
		const page = this.#page;
		const fields = this.#fields;
		fields.split(record, this.#delimiter, this.#quote);
		page.addRaw(this.#fileField);
		page.addNumber(first.line);
		page.addNumber(first.byteOffset);
		if (entries.length > 1) this.#addJoined(entries, record);
		else this.#addFault(first);
		if (fields.isPlain && fields.count === this.#file.names.length && this.#isSameOrder) {
			page.addQuoted(record);
			page.addRaw(record);
		} else {
			if (fields.isPlain) page.addQuoted(record);
			else page.addText(this.#decode(record, 0, record.length));
			for (const field of this.#file.fields) this.#addField(record, field);
		}
		page.endRow();
	}

	#addFault(entry: SpoolEntry): void {
		const {column} = entry;
		const page = this.#page;
		const fields = this.#fields;
		const name = this.#nameFields[column];
		if (name === undefined) page.addEmpty(1);
		else page.addRaw(name);
		page.addRaw(this.#reasonField(entry));
		const [start, end] = [fields.startOf(column), fields.endOf(column)];
		if (column !== -1 && fields.isPlain && end - start <= REJECT_VALUE_LENGTH) page.addRaw(entry.record, start, end);
		else page.addText(this.#valueOf(entry, entry.record));
	}

	/** What several analyses say of the same record, in their order. */
	#addJoined(entries: readonly SpoolEntry[], record: Buffer): void {
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

	#reasonField(entry: SpoolEntry): Buffer {
		const text = this.#reasonOf(entry);
		const known = this.#reasonFields.get(text) ?? encodeField(text);
		this.#reasonFields.set(text, known);
		return known;
	}

	#reasonOf({reason, analysis}: SpoolEntry): string {
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
