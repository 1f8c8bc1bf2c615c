// An analysis that leaves records out, some of which others reject, and rejects some that others accept. Threads load this file, too:
// like any own module, it must be made of the same files there, whether they run the sources or their bundle.
import {count, defineAnalysis, sum} from 'fileproc-tui';

export default defineAnalysis({
	name: 'careful',
	version: 1,
	title: 'Careful',
	columns: {
		customer_id: {is: 'text'},
		amount: {is: 'number', aliases: ['price']},
		date: {is: 'date', optional: true},
	},
	where: ({customer_id, amount, date}) => (amount === null ? date !== null : customer_id.length % 2 === 1),
	accept: ({amount}) => Math.abs(amount) < 100 || 'too much',
	derive: {double: {is: 'number', decimals: 2, js: ({amount}) => 2 * amount}},
	measures: {records: count(), total: sum('double'), spent: sum('amount')},
});
