// A wrong program is always the fastest: no time counts unless everyone says the same.
import {BenchError} from './bench-error.ts';
import type {Figures} from './figures.ts';

export interface Statement {
	readonly program: string;
	readonly figures: Figures;
	/** How far its estimate of distinct customers may be off, as a part of the whole. It catches broken programs only. */
	readonly estimateTolerance: number;
}

/** @throws {BenchError} Which names the first figure they differ in, and what each of them says. */
export function expectAgreement(data: string, [first, ...others]: readonly Statement[]): void {
	for (const other of others) {
		if (first === undefined) return;
		const difference = findDifference(first, other);
		if (difference === null) continue;
		const [figure, left, right] = difference;
		throw new BenchError(
			[
				`They disagree about the data '${data}', so nothing is measured. ${figure}:`,
				`  ${first.program} says ${left}`,
				`  ${other.program} says ${right}`,
			].join('\n'),
		);
	}
}

type Difference = readonly [figure: string, left: string, right: string];

export function findDifference(left: Statement, right: Statement): Difference | null {
	const rows = [tableOf(left.figures), tableOf(right.figures)] as const;
	for (const figure of new Set([...rows[0].keys(), ...rows[1].keys()])) {
		const [one = 'nothing', other = 'nothing'] = rows.map(row => row.get(figure));
		if (one !== other) return [figure, one, other];
	}
	const [mine, yours] = [left.figures.customers, right.figures.customers];
	const tell = (customers: Figures['customers']): string =>
		customers === undefined ? 'nothing' : `${customers.exact ? '' : 'about '}${customers.value}`;
	if (mine === undefined || yours === undefined)
		return mine === yours ? findDifferenceOfFiles(left, right) : ['distinct customers', tell(mine), tell(yours)];
	const tolerance = (mine.exact ? 0 : left.estimateTolerance) + (yours.exact ? 0 : right.estimateTolerance);
	if (Math.abs(mine.value - yours.value) <= tolerance * Math.max(mine.value, yours.value)) {
		return findDifferenceOfFiles(left, right);
	}
	return ['distinct customers', tell(mine), tell(yours)];
}

/** Of those that tell figures of each file. */
function findDifferenceOfFiles(left: Statement, right: Statement): Difference | null {
	const [mine, yours] = [left.figures.files, right.figures.files];
	if (mine === undefined || yours === undefined) return null;
	if (mine.size !== yours.size) return ['files', String(mine.size), String(yours.size)];
	for (const [file, figures] of mine) {
		const others = yours.get(file);
		if (others === undefined) return ['files', file, 'nothing'];
		const difference = findDifference({...left, figures}, {...right, figures: others});
		if (difference !== null) return [`${file}, ${difference[0]}`, difference[1], difference[2]];
	}
	return null;
}

function tableOf({records, total, categories, earliest, latest, quantity}: Figures): Map<string, string> {
	const rows: Array<[string, string]> = [
		['records', String(records)],
		['sum of amount', plainDecimal(total)],
		['top category', JSON.stringify(categories[0]?.category)],
	];
	if (earliest !== undefined) rows.push(['first date', earliest]);
	if (latest !== undefined) rows.push(['last date', latest]);
	if (quantity !== undefined) rows.push(['quantity', plainDecimal(quantity)]);
	for (const [index, {category, count, amount, quantity: own}] of categories.entries()) {
		const pieces = own === undefined ? '' : `, ${plainDecimal(own)} pieces`;
		rows.push([
			`category ${index + 1} by frequency`,
			`${JSON.stringify(category)} ${count} × = ${plainDecimal(amount)}${pieces}`,
		]);
	}
	return new Map(rows);
}

/** Without zeros at the end, which some write and some don't. */
const plainDecimal = (text: string): string => (text.includes('.') ? text.replace(/\.?0+$/, '') : text);
