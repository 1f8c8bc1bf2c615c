// How many transactions, their exact sum and mean, and how they spread over categories, dates and customers.
import {
	count,
	dateRange,
	declareAnalysis,
	distinct,
	firstKey,
	groupBy,
	mean,
	nearest,
	sum,
	tableError,
} from '../declaration.ts';
import {amountNames, amountPairs, categoryNames, customerNames, dateNames} from '../roles.ts';

export const transactions = declareAnalysis({
	name: 'transactions',
	version: 1,
	title: 'Transactions',
	columns: {
		customer_id: {is: 'text', aliases: customerNames},
		amount: {is: 'number', aliases: amountNames, pairs: amountPairs},
		date: {is: 'date', aliases: dateNames},
		category: {is: 'text', aliases: categoryNames},
	},
	measures: {
		total_transactions: count(),
		total_amount: nearest(sum('amount')),
		total_amount_exact: sum('amount'),
		average_transaction: nearest(mean('amount')),
		top_category: firstKey('categories'),
		categories: groupBy('category', {count: count(), amount: sum('amount')}, {orderBy: 'count'}),
		categories_error: tableError('categories'),
		date_range: dateRange('date'),
		unique_customers: distinct('customer_id'),
	},
	views: [
		{
			show: 'figures',
			figures: [
				{label: 'transactions', key: 'total_transactions', format: 'integer'},
				{label: 'total amount', key: 'total_amount_exact', format: 'decimal'},
				{label: 'average', key: 'average_transaction', format: 'decimal'},
				{label: 'top category', key: 'top_category', format: 'name', error: 'categories_error'},
				{label: 'dates', key: 'date_range', format: 'dates'},
				{label: 'unique customers', key: 'unique_customers', format: 'distinct'},
			],
		},
		{
			show: 'bars',
			title: 'categories',
			rows: 'categories',
			name: 'category',
			values: [
				{label: 'count', key: 'count', format: 'integer'},
				{label: 'amount', key: 'amount', format: 'decimal'},
			],
			error: 'categories_error',
		},
	],
});
