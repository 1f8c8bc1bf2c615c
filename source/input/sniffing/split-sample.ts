// The beginning of a file -> records, for trying a dialect. The text has one character for each byte.
import {beginsComment} from '../comment-lines.ts';
import type {FieldSyntax} from '../dialect.ts';

export interface SampleSyntax extends FieldSyntax {
	readonly escaping: 'doubled' | 'backslash';
	/** Lines that begin with it are passed over; empty where there are none. */
	readonly comment: string;
}

export interface SampleRecord {
	readonly fields: readonly string[];
	/** Its first physical line, 0-based. */
	readonly line: number;
	readonly lineCount: number;
	/** Whether a blank line is in front of it. */
	readonly isAfterBlank: boolean;
	/** Whether it ends at a quote that is never closed. */
	readonly isCutShort: boolean;
}

export interface SplitSample {
	readonly records: readonly SampleRecord[];
	/** Fields in quotes as they should be. */
	readonly quotedFields: number;
	/** Of these, the fields that quotes hold together: they have a delimiter, a line end or a quote inside. */
	readonly neededQuotes: number;
	/** Records with text behind a closing quote. */
	readonly malformedRecords: number;
	/** Whether a quote is still open at the end of a part of a file. */
	readonly isOpen: boolean;
	/** Records with a quote that is never closed. */
	readonly unclosedRecords: number;
}

/** The lines of a text, each without its line end; an unfinished line at its end is one where the text is all of a file. */
export function linesOf(text: string, isAll: boolean): string[] {
	const lines = text.split(/\r\n|\n|\r/);
	const last = lines.at(-1);
	if (!isAll || last === '') lines.pop();
	return lines;
}

/** More records of a beginning are not looked at. */
export const MAX_RECORDS = 2000;

/**
Splits lines into records by the rules of `record-reader.ts`.

@param isAll - Whether the lines are all of a file: a quote that is open at their end is one that is never closed, then.
*/
export function splitSample(lines: readonly string[], syntax: SampleSyntax, isAll = false): SplitSample {
	const splitter = new Splitter(lines, syntax, isAll);
	const records: SampleRecord[] = [];
	let isAfterBlank = false;
	let line = 0;
	while (line < lines.length && records.length < MAX_RECORDS && !splitter.isOpen) {
		const text = withoutMark(lines[line] ?? '');
		const isBlank = text.trim() === '' && !text.includes(syntax.delimiter);
		if (isBlank || beginsComment(text, syntax.comment)) {
			isAfterBlank ||= isBlank;
			line++;
			continue;
		}
		const unclosed = splitter.unclosedRecords;
		const fields = splitter.split(line, text);
		const lineCount = splitter.lineCount;
		const isCutShort = splitter.unclosedRecords > unclosed;
		if (!splitter.isOpen) records.push({fields, line, lineCount, isAfterBlank, isCutShort});
		isAfterBlank = false;
		line += lineCount;
	}
	const {quotedFields, neededQuotes, malformedRecords, unclosedRecords, isOpen} = splitter;
	return {records, quotedFields, neededQuotes, malformedRecords, unclosedRecords, isOpen};
}

/** Where files were joined, a byte order mark stands in front of a record. */
const withoutMark = (line: string): string => (line.startsWith('\xef\xbb\xbf') ? line.slice(3) : line);

class Splitter {
	readonly #lines: readonly string[];
	readonly #syntax: SampleSyntax;
	readonly #isAll: boolean;
	quotedFields = 0;
	neededQuotes = 0;
	malformedRecords = 0;
	unclosedRecords = 0;
	isOpen = false;
	/** Of the last record. */
	lineCount = 1;

	constructor(lines: readonly string[], syntax: SampleSyntax, isAll: boolean) {
		this.#lines = lines;
		this.#syntax = syntax;
		this.#isAll = isAll;
	}

	/** The fields of the record that begins on a line, with this text. */
	split(line: number, text: string): string[] {
		const {delimiter, quote, escaping} = this.#syntax;
		this.lineCount = 1;
		const isPlain = (quote === '' || !text.includes(quote)) && (escaping === 'doubled' || !text.includes('\\'));
		return isPlain ? text.split(delimiter) : this.#splitByRules(line, text);
	}

	#splitByRules(line: number, begin: string): string[] {
		const {delimiter, quote, escaping} = this.#syntax;
		const fields: string[] = [];
		let text = begin;
		let [field, isQuoted, isBehind, isStray, isNeeded, isStart] = ['', false, false, false, false, true];
		let isMalformed = false;
		/** Where the last quote was opened. */
		let opened = {lineCount: 1, rest: ''};
		const endAtOpened = (): string[] => {
			this.unclosedRecords++;
			this.lineCount = opened.lineCount;
			return [...fields, opened.rest];
		};
		for (let at = 0; ; at++) {
			if (at >= text.length) {
				const next = this.#lines[line + this.lineCount];
				if (!isQuoted) break;
				if (next === undefined) {
					if (this.#isAll) return endAtOpened();
					this.isOpen = true;
					break;
				}
				this.lineCount++;
				field += '\n';
				isNeeded = true;
				text = next;
				at = -1;
				continue;
			}
			const character = text[at] ?? '';
			if (escaping === 'backslash' && character === '\\' && at + 1 < text.length) {
				field += text[++at] ?? '';
				isStart = false;
			} else if (isQuoted) {
				if (character !== quote) {
					if (text.startsWith(delimiter, at)) isNeeded = true;
					field += character;
				} else if (escaping === 'doubled' && text[at + 1] === quote) {
					field += quote;
					at++;
					isNeeded = true;
				} else {
					isQuoted = false;
					isBehind = true;
				}
			} else if (text.startsWith(delimiter, at)) {
				fields.push(field);
				this.#count(isBehind && !isStray, isNeeded);
				[field, isBehind, isStray, isNeeded, isStart] = ['', false, false, false, true];
				at += delimiter.length - 1;
			} else if (isStart && quote !== '' && character === quote) {
				isQuoted = true;
				isStart = false;
				opened = {lineCount: this.lineCount, rest: text.slice(at)};
			} else {
				isStart = false;
				// Behind a closing quote, blanks are padding.
				if (isBehind && (character === ' ' || character === '\t')) continue;
				if (isBehind && this.lineCount > opened.lineCount) return endAtOpened();
				if (isBehind) isMalformed = isStray = true;
				field += character;
			}
		}
		fields.push(field);
		this.#count(isBehind && !isStray, isNeeded);
		if (isMalformed) this.malformedRecords++;
		return fields;
	}

	#count(isQuoted: boolean, isNeeded: boolean): void {
		if (!isQuoted) return;
		this.quotedFields++;
		if (isNeeded) this.neededQuotes++;
	}
}
