// What the rivals without a language for queries compute, and how every rival tells it: one line of JSON on stdout.
import {readdirSync} from 'node:fs';
import {join} from 'node:path';

/**
 * @typedef {object} Task
 * @property {string} folder The files are in here.
 * @property {boolean} isQuoted There are quotes, and a sixth column.
 * @property {boolean} hasSmallFiles
 * @property {boolean} isEstimateFine The number of customers may be an estimate.
 * @property {boolean} isByFile The figures of each file are wanted, too.
 * @property {number} decimals No amount has more.
 * @property {number} threads
 */

/** @returns {Task} */
export const readTask = () => JSON.parse(process.argv[2] ?? '{}');

/** @param {string} folder */
export const filesIn = folder =>
	readdirSync(folder)
		.sort()
		.map(name => join(folder, name));

/** No amount has more decimals. In units of that, sums stay below 2^53 for 90 million amounts, so they are exact. */
const DECIMALS = 4;
const LISTED_CATEGORIES = 100;

export class Figures {
	records = 0;
	units = 0;
	earliest = '9999-12-31';
	latest = '0000-01-01';
	/** @type {Set<string>} */
	customers = new Set();
	/** @type {Map<string, {count: number, units: number}>} */
	categories = new Map();

	/** @param {readonly string[]} fields A record in the order of the columns. */
	add(fields) {
		const [, customer = '', amount = '', date = '', category = ''] = fields;
		const units = Math.round(Number(amount) * 10 ** DECIMALS);
		this.records++;
		this.units += units;
		if (date < this.earliest) this.earliest = date;
		if (date > this.latest) this.latest = date;
		this.customers.add(customer);
		const group = this.categories.get(category);
		if (group === undefined) this.categories.set(category, {count: 1, units});
		else {
			group.count++;
			group.units += units;
		}
	}

	print() {
		if (!Number.isSafeInteger(this.units)) throw new Error('The sum is too large to be exact');
		const groups = [...this.categories].sort(
			([leftName, left], [rightName, right]) => right.count - left.count || (leftName < rightName ? -1 : 1),
		);
		printFigures({
			records: this.records,
			total: toDecimal(this.units),
			categories: groups
				.slice(0, LISTED_CATEGORIES)
				.map(([category, {count, units}]) => ({category, count, amount: toDecimal(units)})),
			earliest: this.earliest,
			latest: this.latest,
			customers: {value: this.customers.size, exact: true},
		});
	}
}

/** @param {number} units */
function toDecimal(units) {
	const digits = String(Math.abs(units)).padStart(DECIMALS + 1, '0');
	return `${units < 0 ? '-' : ''}${digits.slice(0, -DECIMALS)}.${digits.slice(-DECIMALS)}`;
}

/** @param {object} figures */
export function printFigures(figures) {
	process.stdout.write(`${JSON.stringify(figures)}\n`);
}
