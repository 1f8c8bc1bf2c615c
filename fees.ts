export default {
		name: 'fees', version: 1, title: 'Fees', columns: {sales: {is: 'number'}},
		derive: {fee: {is: 'number', js: () => 1}}, measures: {fees: {kind: 'sum', of: 'fee'}},
	};