// A condition and the header of a file → which cells of a record are tested, and how the tests are joined.
import type {Forms} from '../forms/forms.ts';
import type {CellTest, Condition} from './condition.ts';
import {testCell} from './test-cell.ts';

export interface FilterProgram {
	readonly tests: readonly {readonly column: number; readonly test: CellTest}[];
	readonly root: FilterNode;
}

/** The place of a test, or several nodes of which all or any must hold. */
export type FilterNode = number | {readonly kind: 'and' | 'or'; readonly parts: readonly FilterNode[]};

/** @param indexOf - Where a column is in a record. */
export function compileFilter(condition: Condition, indexOf: (column: string) => number): FilterProgram {
	const tests: {column: number; test: CellTest}[] = [];
	const compile = (part: Condition): FilterNode => {
		if (part.kind === 'test') return tests.push({column: indexOf(part.column), test: part.test}) - 1;
		return {kind: part.kind, parts: part.parts.map(compile)};
	};
	const root = compile(condition);
	return {tests, root};
}

/** @param fields - All of the record, quotes removed, one character per byte. */
export function fitsFilter({tests, root}: FilterProgram, fields: readonly string[], forms?: Forms): boolean {
	const holds = (node: FilterNode): boolean => {
		if (typeof node === 'number') {
			const one = tests[node];
			return one !== undefined && testCell(one.test, fields[one.column] ?? '', forms?.get(one.column));
		}
		return node.kind === 'and' ? node.parts.every(holds) : node.parts.some(holds);
	};
	return holds(root);
}
