import {checkDeclaration} from './check-declaration.ts';
import type {
	AnalysisDeclaration,
	Columns,
	DeclaredNumber,
	DerivationsOf,
	DerivedOf,
	DerivedTypes,
	Measure,
	NamesOf,
	NumbersOf,
	TypedDeclaration,
} from './declaration.ts';

/**
Declares an analysis. Names of columns are checked by their types: the sum of a text does not compile.

@example
export const sales = defineAnalysis({
	name: 'sales', version: 1, title: 'Sales by department',
	columns: {department: {is: 'text'}, amount: {is: 'number', aliases: ['sales', 'revenue']}},
	measures: {records: count(), total: sum('amount'), departments: groupBy('department', {total: sum('amount')}, {orderBy: 'total'})},
	views: [{show: 'figures', figures: [{label: 'total', key: 'total', format: 'decimal'}]}],
});

@throws {TypeError} When the declaration cannot be used, with what is wrong and where.
*/
export function defineAnalysis<
	const C extends Columns,
	const M extends Readonly<
		Record<string, Measure<NumbersOf<C, D>, NamesOf<C, 'text'>, NamesOf<C, 'date' | 'timestamp'>>>
	>,
	const D extends Readonly<Record<string, DeclaredNumber<NamesOf<C, 'number'> | (keyof D & string)>>> = Record<
		never,
		never
	>,
>(declaration: TypedDeclaration<C, D, M>): TypedDeclaration<C, D, M>;
/** With columns that functions compute. */
export function defineAnalysis<
	const C extends Columns,
	const M extends Readonly<
		Record<
			string,
			Measure<
				NamesOf<C, 'number'> | Exclude<keyof T & string, DerivedOf<T, 'text' | 'date'>>,
				NamesOf<C, 'text'> | DerivedOf<T, 'text'>,
				NamesOf<C, 'date' | 'timestamp'> | DerivedOf<T, 'date'>
			>
		>
	>,
	const T extends DerivedTypes = Record<never, never>,
>(declaration: TypedDeclaration<C, DerivationsOf<C, T>, M>): TypedDeclaration<C, DerivationsOf<C, T>, M>;
export function defineAnalysis<D extends AnalysisDeclaration>(declaration: D): D {
	const faults = checkDeclaration(declaration, {isBuiltIn: true, mayHaveFunctions: true});
	if (faults.length > 0) {
		const sentences = faults.map(({path, sentence}) => (path === '' ? sentence : `${path}: ${sentence}`));
		throw new TypeError(`The analysis ${declaration.name} cannot be used: ${sentences.join('; ')}`);
	}
	return declaration;
}
