// A group that is the sum of all others: what a line of totals at the end of a table comes to where it is read as a record. Figures are never
// changed for it; who reads them is told.
import type {AnalysisInfo, TableView} from '../model/analysis-info.ts';
import {isDecimal, valueAt} from './present.ts';

export interface GroupOfTotals {
	/** The column that names the groups. */
	readonly column: string;
	/** As the data has it. */
	readonly name: string;
}

const TOTALS = /^\W*(?:grand |sub)?(?:totals?|sum|summe|gesamt\w*|totaal|somme|suma|totale)\b/i;
/** Of fewer, one is often as much as the others. */
const LEAST_GROUPS = 3;

/** @param result - Of the analysis. */
export function findGroupOfTotals(result: unknown, {views}: Pick<AnalysisInfo, 'views'>): GroupOfTotals | null {
	for (const view of views) {
		if (view.show !== 'bars' || typeof view.name !== 'string') continue;
		const {name: column} = view;
		const rows = rowsOf(result, view);
		if (rows.length < LEAST_GROUPS) continue;
		const named = rows.find(row => TOTALS.test(textOf(valueAt(row, column))));
		if (named === undefined) continue;
		const isSum = view.values.some(({format, key}) => format === 'decimal' && isSumOfOthers(named, rows, key));
		if (isSum) return {column, name: textOf(valueAt(named, column))};
	}
	return null;
}

function rowsOf(result: unknown, {rows}: TableView): readonly unknown[] {
	const value = valueAt(result, rows);
	return Array.isArray(value) ? value : [];
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

function isSumOfOthers(row: unknown, rows: readonly unknown[], key: string): boolean {
	const texts = rows.map(each => valueAt(each, key)).map(value => (typeof value === 'number' ? String(value) : value));
	if (!texts.every(isDecimal)) return false;
	const decimals = Math.max(...texts.map(text => (text.split('.')[1] ?? '').length));
	const unitsOf = (text: string): bigint => {
		const [whole = '', part = ''] = text.split('.');
		return BigInt(whole + part.padEnd(decimals, '0'));
	};
	const own = unitsOf(texts[rows.indexOf(row)] ?? '0');
	const all = texts.reduce((sum, text) => sum + unitsOf(text), 0n);
	return own !== 0n && all === 2n * own;
}
