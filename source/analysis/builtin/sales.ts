// Totals by department. The amount is a column of its own, or quantity × unit price.
import {count, declareAnalysis, groupBy, groupCount, mean, nearest, share, sum, tableError} from '../declaration.ts';
import {departmentNames, quantityNames, salesNames, unitPriceNames} from '../roles.ts';

export const sales = declareAnalysis({
	name: 'sales',
	version: 1,
	title: 'Sales by department',
	columns: {
		department: {is: 'text', aliases: departmentNames},
		sales: {is: 'number', optional: true, aliases: salesNames},
		quantity: {is: 'number', optional: true, aliases: quantityNames},
		unit_price: {is: 'number', optional: true, aliases: unitPriceNames},
	},
	derive: {
		line_total: {product: ['quantity', 'unit_price']},
		revenue: {firstOf: ['sales', 'line_total']},
	},
	measures: {
		total_records: count(),
		total_sales: nearest(sum('revenue')),
		total_sales_exact: sum('revenue'),
		average_sale: mean('revenue'),
		total_quantity: sum('quantity'),
		department_count: groupCount('departments'),
		departments: groupBy(
			'department',
			{
				records: count(),
				sales: sum('revenue'),
				average: mean('revenue'),
				share: share('revenue'),
				quantity: sum('quantity'),
			},
			{orderBy: 'sales'},
		),
		departments_error: tableError('departments'),
	},
	views: [
		{
			show: 'figures',
			figures: [
				{label: 'records', key: 'total_records', format: 'integer'},
				{label: 'total sales', key: 'total_sales_exact', format: 'decimal'},
				{label: 'average', key: 'average_sale', format: 'decimal'},
				{label: 'quantity', key: 'total_quantity', format: 'decimal'},
				{label: 'departments', key: 'department_count', format: 'distinct'},
			],
		},
		{
			show: 'bars',
			title: 'departments',
			rows: 'departments',
			name: 'department',
			values: [
				{label: 'sales', key: 'sales', format: 'decimal'},
				{label: 'records', key: 'records', format: 'integer'},
				{label: 'share', key: 'share', format: 'share'},
			],
			error: 'departments_error',
		},
	],
});
