// A question as one line of text → what the flags of the command line would say:
//
//   question   measures and clauses, the clauses in any order
//   measures   kind column, with commas in between; kind: sum, mean, min, max, distinct; records are always counted
//   clauses    [group] by keys │ where condition │ order by measure │ limit number
//
//   sum amount, max amount by category, month(date) where amount > 100
import {parseWhere} from '../where/parse-where.ts';
import {MAX_LIMIT, type Question} from './declare-question.ts';
import {parseColumn, parseKeys} from './parse-columns.ts';
import {ExpressionError, readTokens, type Token} from './tokens.ts';

export interface AskedQuestion {
	readonly question: Question;
	/** `null`: all records. */
	readonly where: string | null;
}

type Clause = 'measures' | 'by' | 'where' | 'order' | 'limit';

const kinds = ['sum', 'mean', 'min', 'max', 'distinct'] as const;
type Kind = (typeof kinds)[number];

/** @throws {ExpressionError} */
export function parseQuestion(text: string): AskedQuestion {
	const clauses = new Map<Clause, readonly Token[]>();
	const tokens = readTokens(text);
	let clause: Clause = 'measures';
	let from = 0;
	for (const [at, token] of tokens.entries()) {
		// The second word of `order by` begins no clause.
		const next = at < from ? null : clauseAt(tokens, at);
		if (next === null && token.kind !== 'end') continue;
		if (clauses.has(clause)) throw new ExpressionError(`Expected ${clause} only once`, token.start, token.end);
		clauses.set(clause, tokens.slice(from, at));
		if (next === null) break;
		clause = next.clause;
		from = at + next.words;
	}
	const textOf = (name: Clause): string | null => sliceOf(text, clauses.get(name));
	for (const name of ['by', 'where', 'order', 'limit'] as const) {
		if (clauses.has(name) && textOf(name) === null)
			throw new ExpressionError(`Expected something behind ${name}`, text.length, text.length);
	}
	const [groupBy, where] = [textOf('by'), textOf('where')];
	assertReadable(groupBy, parseKeys, clauses.get('by'));
	assertReadable(where, parseWhere, clauses.get('where'));
	const limit = limitOf(text, clauses.get('limit'));
	const measures = measuresOf(text, clauses.get('measures') ?? []);
	const isEmpty = groupBy === null && Object.values(measures).every(({length}) => length === 0);
	if (isEmpty) throw new ExpressionError('Ask for something, as in: sum amount by category', 0, 0);
	const orderBy = textOf('order');
	return {question: {...measures, groupBy, orderBy, limit}, where};
}

/** Which clause begins at a token, and with how many words. */
function clauseAt(tokens: readonly Token[], at: number): {readonly clause: Clause; readonly words: number} | null {
	const wordAt = (place: number): string => {
		const token = tokens[place];
		return token?.kind === 'word' ? token.text.toLowerCase() : '';
	};
	const isBehindTwoWords = wordAt(at + 1) === 'by';
	switch (wordAt(at)) {
		case 'group':
			return isBehindTwoWords ? {clause: 'by', words: 2} : null;
		case 'order':
			return isBehindTwoWords ? {clause: 'order', words: 2} : null;
		case 'by':
			return {clause: 'by', words: 1};
		case 'where':
			return {clause: 'where', words: 1};
		case 'limit':
			return {clause: 'limit', words: 1};
		default:
			return null;
	}
}

/** As it was typed; `null` where there is nothing. */
function sliceOf(text: string, tokens: readonly Token[] = []): string | null {
	const [first] = tokens;
	const last = tokens.at(-1);
	return first === undefined || last === undefined ? null : text.slice(first.start, last.end);
}

/** @throws {ExpressionError} With places in the whole text. */
function assertReadable(part: string | null, read: (part: string) => unknown, [first]: readonly Token[] = []): void {
	if (part === null || first === undefined) return;
	try {
		read(part);
	} catch (error) {
		if (!(error instanceof ExpressionError)) throw error;
		throw new ExpressionError(error.message, first.start + error.start, first.start + error.end);
	}
}

function limitOf(text: string, tokens: readonly Token[] = []): number | null {
	const written = sliceOf(text, tokens);
	if (written === null) return null;
	const limit = /^\d+$/.test(written) ? Number(written) : 0;
	if (limit >= 1 && limit <= MAX_LIMIT) return limit;
	const start = tokens[0]?.start ?? 0;
	throw new ExpressionError(
		`Expected a number from 1 to ${MAX_LIMIT} behind limit, but found ${written}`,
		start,
		start + written.length,
	);
}

function measuresOf(text: string, tokens: readonly Token[]): Readonly<Record<Kind, readonly string[]>> {
	const measures: Record<Kind, string[]> = {sum: [], mean: [], min: [], max: [], distinct: []};
	let rest = tokens;
	while (rest.length > 0) {
		const comma = rest.findIndex(({kind, text: sign}) => kind === 'sign' && sign === ',');
		const [first, ...column] = comma === -1 ? rest : rest.slice(0, comma);
		rest = comma === -1 ? [] : rest.slice(comma + 1);
		if (first === undefined) continue;
		const kind = kinds.find(each => each === first.text.toLowerCase());
		const isCount = ['records', 'count'].includes(first.text.toLowerCase()) && column.length === 0;
		if (isCount) continue;
		const written = sliceOf(text, column);
		if (kind === undefined || written === null)
			throw new ExpressionError(
				`Expected ${kinds.join(', ')} and a column, or a clause like: by category`,
				first.start,
				first.end,
			);
		assertReadable(written, parseColumn, column);
		measures[kind].push(written);
	}
	return measures;
}
