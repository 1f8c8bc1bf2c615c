import {checkDeclaration} from './check-declaration.ts';
import type {declareAnalysis} from './declaration.ts';

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
export const defineAnalysis: typeof declareAnalysis = declaration => {
	const faults = checkDeclaration(declaration, {isBuiltIn: true});
	if (faults.length > 0) {
		const sentences = faults.map(({path, sentence}) => (path === '' ? sentence : `${path}: ${sentence}`));
		throw new TypeError(`The analysis ${declaration.name} cannot be used: ${sentences.join('; ')}`);
	}
	return declaration;
};
