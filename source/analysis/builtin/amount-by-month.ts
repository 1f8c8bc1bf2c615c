// How amounts develop over time: read on demand, see on-demand.ts.
import {declareAnalysis, groupBy, month, sum} from '../declaration.ts';
import {amountNames, amountPairs, dateNames} from '../roles.ts';

export const amountByMonth = declareAnalysis({
	name: 'amount-by-month',
	version: 1,
	title: 'Amount by month',
	columns: {
		amount: {is: 'number', aliases: amountNames, pairs: amountPairs},
		date: {is: 'date', aliases: dateNames},
	},
	// As many months as dates can have.
	measures: {months: groupBy(month('date'), {amount: sum('amount')}, {orderBy: 'key', limit: 120_000})},
	views: [
		{
			show: 'series',
			title: 'amount over time',
			rows: 'months',
			name: 'month',
			values: [{label: 'amount', key: 'amount', format: 'decimal'}],
		},
	],
});
