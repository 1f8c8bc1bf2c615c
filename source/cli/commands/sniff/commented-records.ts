// Lines that are left out as comments, and yet look like records of the table: somebody may have meant to keep one out for a while, or it may begin with a
// number sign by chance. Who sums the table up should know of it.

import {beginsComment} from '../../../input/comment-lines.ts';
import {kindOf} from '../../../input/sniffing/cell-kinds.ts';
import {splitSample} from '../../../input/sniffing/split-sample.ts';
import type {SniffedColumn, SniffedDialect} from './sniffed-file.ts';
import type {SpoiltPlace} from './spoilt-text.ts';

/** Longer lines are not looked at. */
const MAX_LINE = 64 * 1024;

const MESSAGE =
	'Expected comments to be words, found one that has the fields of a record; it is left out. Where it is a record, take the sign in front of it away';

export class CommentedRecords {
	readonly #dialect: SniffedDialect;
	readonly #columns: readonly Pick<SniffedColumn, 'type'>[];
	readonly #sign: string;
	/** Where the rest begins that has not been looked at, and whether a line begins there. */
	#offset = 0;
	#rest = '';
	#beginsLine = true;
	/** The first one. */
	found: SpoiltPlace | null = null;

	constructor(dialect: SniffedDialect, columns: readonly Pick<SniffedColumn, 'type'>[]) {
		this.#dialect = dialect;
		this.#columns = columns;
		this.#sign = dialect.comment ?? '';
	}

	take(chunk: Buffer): void {
		if (this.#sign === '' || this.found !== null) return;
		const text = this.#rest + chunk.toString('latin1');
		const end = Math.max(text.lastIndexOf('\n'), text.lastIndexOf('\r')) + 1;
		this.#look(text.slice(0, end));
		this.#rest = text.slice(end);
		this.#offset += end;
		if (end > 0) this.#beginsLine = true;
		if (this.#rest.length <= MAX_LINE) return;
		this.#offset += this.#rest.length;
		this.#rest = '';
		this.#beginsLine = false;
	}

	/** Nothing follows. */
	end(): void {
		if (this.#sign !== '' && this.found === null) this.#look(this.#rest);
	}

	/** @param text - Lines, the last one with its end. */
	#look(text: string): void {
		for (let at = text.indexOf(this.#sign); at !== -1; at = text.indexOf(this.#sign, at + 1)) {
			const isFirst = at === 0 ? this.#beginsLine : text[at - 1] === '\n' || text[at - 1] === '\r';
			if (!isFirst) continue;
			const [line = ''] = /^[^\r\n]*/.exec(text.slice(at, at + MAX_LINE)) ?? [];
			if (!this.#isRecord(line)) continue;
			this.found = {code: 'COMMENTED_RECORD', message: MESSAGE, byteOffset: this.#offset + at};
			return;
		}
	}

	/** Whether it has a field for each column, and numbers and dates where those are, at least one of them. */
	#isRecord(line: string): boolean {
		if (!beginsComment(line, this.#sign)) return false;
		const {delimiter, quote, escape: escaping} = this.#dialect;
		const syntax = {
			...{delimiter, quote: quote as '"', comment: ''},
			escaping: escaping === '\\' ? 'backslash' : 'doubled',
		} as const;
		const [record] = splitSample([line.slice(this.#sign.length)], syntax, true).records;
		const fields = record?.fields ?? [];
		if (fields.length !== this.#columns.length) return false;
		const typed = fields.filter((cell, index) => cell.trim() !== '' && this.#typeOf(index) !== null);
		const fitting = fields.filter((cell, index) => kindOf(cell) === this.#typeOf(index));
		return fitting.length > 0 && fitting.length === typed.length;
	}

	/** `null` where cells of the column may be anything. */
	#typeOf(column: number): 'number' | 'time' | null {
		const type = this.#columns[column]?.type;
		if (type === 'integer' || type === 'decimal' || type === 'float') return 'number';
		return type === 'date' || type === 'time' || type === 'timestamp' ? 'time' : null;
	}
}
