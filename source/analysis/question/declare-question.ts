// A question that is asked on the command line or in the dashboard → a declaration. Its columns are those of the header by their names;
// its result has the measures by theirs: `sum_amount`.
import {
	type AnalysisDeclaration,
	type CellType,
	type ColumnDeclaration,
	count,
	distinct,
	type GroupKey,
	groupBy,
	groupCount,
	type Measure,
	max,
	mean,
	min,
	type RowMeasure,
	sum,
	tableError,
} from '../declaration.ts';
import {parseColumn, parseKeys, type QuestionColumn} from './parse-columns.ts';
import {QUESTION_NAME} from './question-name.ts';

/** As people write it: `parse-columns.ts` says how. */
export interface Question {
	/** `category, month(date)`; `null`: one row of figures. */
	readonly groupBy: string | null;
	readonly sum: readonly string[];
	readonly mean: readonly string[];
	readonly min: readonly string[];
	readonly max: readonly string[];
	readonly distinct: readonly string[];
	/** A key of a row of the result, or `key`; `null`: the first measure. */
	readonly orderBy: string | null;
	/** How many groups a report lists; `null`: 100, of dates in their order more. */
	readonly limit: number | null;
}

/** What cannot be asked. The message is for people; `flag` is what it is about. */
export class QuestionError extends Error {
	override readonly name = 'QuestionError';
	readonly flag: keyof Question;

	constructor(flag: keyof Question, message: string, options?: ErrorOptions) {
		super(message, options);
		this.flag = flag;
	}
}

/** Of the groups that a question may list. */
export const MAX_LIMIT = 100_000;
const DEFAULT_LIMIT = 100;
/** Days of some 27 years. */
const SERIES_LIMIT = 10_000;

const kinds = ['sum', 'mean', 'min', 'max'] as const;
type Kind = (typeof kinds)[number];

/** @throws {ExpressionError} When a column cannot be parsed. @throws {QuestionError} When the question cannot be answered. */
export function declareQuestion(question: Question): AnalysisDeclaration {
	const columns = new Columns();
	const measures: Record<string, Measure> = {records: count()};
	for (const kind of kinds) {
		for (const written of question[kind]) {
			const column = parseColumn(written);
			assertMeasurable(kind, column);
			const of = columns.add(column.name, column.part === 'text' ? 'number' : 'date');
			const key = `${kind}_${column.name}`;
			const known = measures[key];
			if (known !== undefined && 'of' in known && known.of !== of)
				throw new QuestionError(kind, `is asked of ${column.name} as a number and as a date: ask for one of them`);
			measures[key] = measureOf(kind, of);
		}
	}
	const rowMeasures = {...measures} as Record<string, RowMeasure>;
	const [stray] = (['orderBy', 'limit'] as const).filter(flag => question[flag] !== null);
	if (question.groupBy === null && stray !== undefined)
		throw new QuestionError(stray, 'belongs to groups, and nothing is grouped: name a column to group by');
	if (question.groupBy !== null && question.distinct.length > 0)
		throw new QuestionError(
			'distinct',
			'different values are counted over all records, not in groups. Ask for one of the two; groups by two columns list which values go together',
		);
	for (const written of question.distinct) {
		const {name} = parseColumn(written);
		measures[`distinct_${name}`] = distinct(columns.add(name, 'text'));
	}
	const groups = question.groupBy === null ? {} : groupsOf(question, question.groupBy, columns, rowMeasures);
	return {
		name: QUESTION_NAME,
		version: 1,
		title: titleOf(question),
		columns: columns.all,
		measures: {...measures, ...groups},
	};
}

function groupsOf(
	question: Question,
	groupedBy: string,
	columns: Columns,
	measures: Readonly<Record<string, RowMeasure>>,
): Readonly<Record<string, Measure>> {
	const keys = parseKeys(groupedBy).map(({name, part}): GroupKey => {
		const key = part === 'text' ? name : `${part}_${name}`;
		return {name: key in measures ? `by_${key}` : key, of: columns.add(name, part === 'text' ? 'text' : 'date'), part};
	});
	const [first, second] = keys;
	if (first?.name === second?.name)
		throw new QuestionError('groupBy', `${first?.name} is named twice: records are in the same groups without it`);
	const [, firstMeasure = 'records'] = Object.keys(measures);
	const orderBy = question.orderBy ?? firstMeasure;
	const orders = [...Object.keys(measures), 'key'];
	if (!orders.includes(orderBy))
		throw new QuestionError('orderBy', `takes one of ${orders.join(', ')} here, but got ${orderBy}`);
	const isSeries = orderBy === 'key' && keys.length === 1 && first?.part !== 'text';
	const limit = question.limit ?? (isSeries ? SERIES_LIMIT : DEFAULT_LIMIT);
	return {
		groups: groupBy(keys, measures, {orderBy, limit}),
		group_count: groupCount('groups'),
		groups_error: tableError('groups'),
	};
}

function measureOf(kind: Kind, of: string): RowMeasure {
	switch (kind) {
		case 'sum':
			return sum(of);
		case 'mean':
			return mean(of);
		case 'min':
			return min(of);
		case 'max':
			return max(of);
	}
}

function assertMeasurable(kind: Kind, {part, name}: QuestionColumn): void {
	if (part === 'text') return;
	if (kind === 'sum' || kind === 'mean')
		throw new QuestionError(kind, `takes a column of numbers, and ${part}(${name}) is a date`);
	if (part !== 'day')
		throw new QuestionError(kind, `takes day(${name}) for the ${kind === 'min' ? 'first' : 'last'} date of a column`);
}

/** The columns of a declaration. One that is read as several types stands there once for each. */
class Columns {
	readonly #columns = new Map<string, ColumnDeclaration>();

	/** @returns Its key. Blanks are not looked at when names of a header are compared, and tell the others from the first one. */
	add(name: string, is: CellType): string {
		let key = name;
		while (this.#columns.has(key) && this.#columns.get(key)?.is !== is) key += ' ';
		this.#columns.set(key, {is});
		return key;
	}

	get all(): Readonly<Record<string, ColumnDeclaration>> {
		return Object.fromEntries(this.#columns);
	}
}

/** `Sum of amount by category` */
function titleOf(question: Question): string {
	const measured = [...kinds, 'distinct' as const].flatMap(kind =>
		question[kind].map(column => `${kind} of ${column}`),
	);
	const what = measured.length === 0 ? 'records' : measured.join(', ');
	const title = question.groupBy === null ? what : `${what} by ${question.groupBy}`;
	return title.charAt(0).toUpperCase() + title.slice(1);
}
