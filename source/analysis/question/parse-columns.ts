// Columns as they are written in questions:
//
//   column   the name that it has in the header, as it is: `Net Amount`
//   date     year(column), month(column) or day(column): the column is read as a date
//   keys     one column or two, with a comma in between; a name with a comma or a bracket stands in quotes or backticks
import type {GroupKey} from '../declaration.ts';
import {ExpressionError, readTokens, TokenReader} from './tokens.ts';

export interface QuestionColumn {
	readonly name: string;
	/** `text` for the column as it is. */
	readonly part: GroupKey['part'];
}

const MAX_KEYS = 2;

/** One column. @throws {ExpressionError} */
export function parseColumn(text: string): QuestionColumn {
	const [column, second] = splitColumns(text);
	if (column === undefined || second !== undefined) return {name: text.trim(), part: 'text'};
	return readColumn(text, column);
}

/** @throws {ExpressionError} */
export function parseKeys(text: string): readonly QuestionColumn[] {
	const parts = splitColumns(text);
	if (parts.length > MAX_KEYS) {
		const third = parts[MAX_KEYS] ?? {start: 0, end: 0};
		throw new ExpressionError(`Expected one column or two, but found ${parts.length}`, third.start, third.end);
	}
	return parts.map(part => readColumn(text, part));
}

interface Part {
	readonly start: number;
	readonly end: number;
}

const QUOTES = '"\'`';

/** At commas that are not in quotes. */
function splitColumns(text: string): Part[] {
	const parts: Part[] = [];
	let start = 0;
	for (let at = 0; at <= text.length; at++) {
		const character = text[at];
		if (character !== undefined && QUOTES.includes(character)) {
			const close = text.indexOf(character, at + 1);
			if (close !== -1) at = close;
		} else if (character === undefined || character === ',') {
			parts.push({start, end: at});
			start = at + 1;
		}
	}
	return parts;
}

const DATE_PART = /^\s*(year|month|day)\s*\((.*)\)\s*$/is;

function readColumn(text: string, {start, end}: Part): QuestionColumn {
	const written = text.slice(start, end);
	const [, part, inner] = DATE_PART.exec(written) ?? [];
	const name = unquote(inner ?? written);
	if (name === '')
		throw new ExpressionError('Expected the name of a column, but found nothing', start, Math.max(end, start + 1));
	return {name, part: (part?.toLowerCase() as QuestionColumn['part'] | undefined) ?? 'text'};
}

/** A name that is in quotes as a whole is what stands in them. */
function unquote(written: string): string {
	const name = written.trim();
	if (name === '' || !QUOTES.includes(name.charAt(0))) return name;
	const reader = new TokenReader(readTokens(name));
	const quoted = reader.take();
	return reader.next.kind === 'end' ? quoted.text.trim() : name;
}
