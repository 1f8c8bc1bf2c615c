// The results of small files as they are kept: a row of numbers for each, and the keys of groups once for all files that a thread
// sent together. Few of 100,000 files are looked at before the report is written, and a row is what the report is written from.
import {decodeRow, type RowFigures, type RowShape, rowShapeOf} from '../../analysis/file-rows.ts';
import {declarationOf, layoutOf} from '../../analysis/registry.ts';
import {VarintReader} from '../../analysis/varints.ts';
import type {ResultText} from '../../text/result-text.ts';
import {unpackRows} from '../shared/packed-rows.ts';
import type {FileRows} from '../shared/protocol.ts';
import {type JsonStyle, laidOutStyle, nestedStyle, oneLineStyle} from './json-style.ts';
import {JsonTemplate, type ResultNames} from './json-template.ts';

/** Names of groups are laid out once for files that stand together in a report, where those of a few threads take turns. */
const MAX_OPEN_ROWS = 16;

/** The bytes of packed rows that were read last. */
const unpacked = new Map<ResultRows, Uint8Array>();

/** How the results of an analysis are written in one style. */
class ResultWriter {
	readonly #template: JsonTemplate;
	/** Of rows that were written last. */
	readonly #names = new Map<ResultRows, ResultNames>();

	constructor(analysis: string, style: JsonStyle) {
		this.#template = new JsonTemplate(declarationOf(analysis), style);
	}

	/** @param place - Of the analysis among those of the rows. */
	write(figures: RowFigures, rows: ResultRows, place: number): string {
		return this.#template.write(figures, this.#names.get(rows) ?? this.#open(rows, place));
	}

	#open(rows: ResultRows, place: number): ResultNames {
		const names = this.#template.namesOf(rows.keysOf(place));
		this.#names.set(rows, names);
		const [oldest] = this.#names.keys();
		if (oldest !== undefined && this.#names.size > MAX_OPEN_ROWS) this.#names.delete(oldest);
		return names;
	}
}

const styles = {laidOut: laidOutStyle, nested: nestedStyle, onOneLine: oneLineStyle} as const;
export type ResultStyle = keyof typeof styles;

/** What is made once for each analysis. */
class AnalysisRows {
	static readonly #known = new Map<string, AnalysisRows>();
	readonly shape: RowShape;
	readonly #analysis: string;
	readonly #writers = new Map<ResultStyle, ResultWriter>();

	constructor(analysis: string) {
		this.#analysis = analysis;
		this.shape = rowShapeOf(layoutOf(analysis));
	}

	writer(style: ResultStyle): ResultWriter {
		const known = this.#writers.get(style);
		if (known !== undefined) return known;
		const created = new ResultWriter(this.#analysis, styles[style]);
		this.#writers.set(style, created);
		return created;
	}

	static readonly of = (analysis: string): AnalysisRows => {
		const known = AnalysisRows.#known.get(analysis) ?? new AnalysisRows(analysis);
		AnalysisRows.#known.set(analysis, known);
		return known;
	};
}

/** The rows of files that a thread sent together. */
export class ResultRows {
	readonly #analyses: readonly AnalysisRows[];
	readonly #kept: Pick<FileRows, 'bytes' | 'isPacked'>;
	readonly #keyBytes: readonly number[];
	/** Of all rows. */
	readonly length: number;

	/** @param rows - Their memory is taken over. */
	constructor({analyses: names, bytes, isPacked, rowBytes, keyBytes}: FileRows) {
		this.#analyses = names.map(AnalysisRows.of);
		this.#kept = {bytes, isPacked};
		this.#keyBytes = keyBytes;
		this.length = rowBytes;
	}

	get #bytes(): Uint8Array {
		const {bytes, isPacked} = this.#kept;
		if (!isPacked) return bytes;
		const known = unpacked.get(this);
		if (known !== undefined) return known;
		const created = unpackRows(bytes);
		unpacked.set(this, created);
		const [oldest] = unpacked.keys();
		if (oldest !== undefined && unpacked.size > MAX_OPEN_ROWS) unpacked.delete(oldest);
		return created;
	}

	/** The keys of each table of an analysis, then of the most frequent values of each text. */
	keysOf(place: number): Uint8Array[] {
		let end = this.length;
		const bytes = this.#bytes;
		const ofAll = this.#keyBytes.map(length => {
			end += length;
			return bytes.subarray(end - length, end);
		});
		const counts = this.#analyses.map(({shape}) => shape.tables.length + shape.topCount);
		const first = counts.slice(0, place).reduce((sum, count) => sum + count, 0);
		return ofAll.slice(first, first + (counts[place] ?? 0));
	}

	/**
	The result of a file.

	@param start - Where its row begins.
	@param place - Of the analysis among those of the rows.
	*/
	write(start: number, style: ResultStyle, place = 0): string {
		const {analysis, figures} = this.#read(start, place);
		return analysis.writer(style).write(figures, this, place);
	}

	/** How many records of a file an analysis has accepted. */
	acceptedRows(start: number, place: number): number {
		return this.#read(start, place).figures.records;
	}

	#read(start: number, place: number): {readonly analysis: AnalysisRows; readonly figures: RowFigures} {
		const reader = new VarintReader(this.#bytes, start, this.length);
		const analysis = this.#analyses[place];
		if (analysis === undefined) throw new Error(`Expected an analysis ${place} of these rows`);
		for (const before of this.#analyses.slice(0, place)) decodeRow(reader, before.shape);
		return {analysis, figures: decodeRow(reader, analysis.shape)};
	}
}

/** The result of one file, or where analyses are combined, the results. */
export class ResultRow implements ResultText {
	readonly #rows: ResultRows;
	readonly #start: number;

	constructor(rows: ResultRows, start: number) {
		this.#rows = rows;
		this.#start = start;
	}

	acceptedRows(place: number): number {
		return this.#rows.acceptedRows(this.#start, place);
	}

	/** One of several results. */
	textOf(place: number): ResultText {
		return {
			laidOut: () => this.#rows.write(this.#start, 'nested', place),
			onOneLine: () => this.#rows.write(this.#start, 'onOneLine', place),
		};
	}

	laidOut(): string {
		return this.#rows.write(this.#start, 'laidOut');
	}

	onOneLine(): string {
		return this.#rows.write(this.#start, 'onOneLine');
	}
}
