// What the rivals without a language for queries compute, and how every rival tells it: one line of JSON on stdout.
import {readdirSync} from 'node:fs';
import {join} from 'node:path';

/**
 * @typedef {object} Task
 * @property {string} folder The files are in here.
 * @property {'transactions' | 'sales'} question
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

/** What takes the records, in the order of their columns, and prints the figures. */
export const createFigures = () => (readTask().question === 'sales' ? new SalesFigures() : new Figures());

class Figures {
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

/** A product of a whole number and one of two decimals. */
const CENTS = 2;

class SalesFigures {
	/** @type {Map<string, {count: number, cents: number, quantity: number}>} */
	departments = new Map();

	/** @param {readonly string[]} fields A record in the order of the columns. */
	add(fields) {
		const [, department = '', , quantityText = '', price = ''] = fields;
		const quantity = Number(quantityText);
		const cents = Math.round(quantity * Number(price) * 10 ** CENTS);
		const group = this.departments.get(department);
		if (group === undefined) this.departments.set(department, {count: 1, cents, quantity});
		else {
			group.count++;
			group.cents += cents;
			group.quantity += quantity;
		}
	}

	print() {
		const groups = [...this.departments].sort(
			([leftName, left], [rightName, right]) => right.count - left.count || (leftName < rightName ? -1 : 1),
		);
		/** @param {'count' | 'cents' | 'quantity'} key */
		const sum = key => groups.reduce((total, [, group]) => total + group[key], 0);
		if (!Number.isSafeInteger(sum('cents'))) throw new Error('The sum is too large to be exact');
		printFigures({
			records: sum('count'),
			total: toDecimal(sum('cents'), CENTS),
			quantity: String(sum('quantity')),
			categories: groups.slice(0, LISTED_CATEGORIES).map(([category, {count, cents, quantity}]) => ({
				category,
				count,
				amount: toDecimal(cents, CENTS),
				quantity: String(quantity),
			})),
		});
	}
}

/** @param {number} units */
function toDecimal(units, decimals = DECIMALS) {
	const digits = String(Math.abs(units)).padStart(decimals + 1, '0');
	return `${units < 0 ? '-' : ''}${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
}

/** @param {object} figures */
export function printFigures(figures) {
	process.stdout.write(`${JSON.stringify(figures)}\n`);
}
