// What each program has to find out, read from what it prints, and whether two of them agree.
import {basename} from 'node:path';

/** The answer. Decimals are text, as exact as the program gave them. */
export interface Figures {
	readonly records: number;
	readonly total: string;
	/** The 100 most frequent, by count, then by name; so the first one is the top category. Departments of sales. */
	readonly categories: readonly CategoryFigure[];
	/** Of transactions only, as the customers. */
	readonly earliest?: string;
	readonly latest?: string;
	readonly customers?: {readonly value: number; readonly exact: boolean};
	/** Of sales only. */
	readonly quantity?: string;
	/** How long the program itself says its query took. */
	readonly queryMs?: number;
	/** The same of each file by its name, from those that tell it. */
	readonly files?: ReadonlyMap<string, Figures>;
}

export interface CategoryFigure {
	readonly category: string;
	readonly count: number;
	readonly amount: string;
	/** Of sales only. */
	readonly quantity?: string;
}

/** What we use of our own report. */
interface OwnReport {
	readonly status: string;
	readonly totals: {readonly files: number; readonly completed: number; readonly rejected_rows: number};
	readonly analyses: {readonly transactions?: OwnResult; readonly sales?: OwnSales};
	readonly files: ReadonlyArray<{readonly file: string; readonly result: OwnResult | OwnSales}>;
}

interface OwnSales {
	readonly total_records: number;
	readonly total_sales_exact: string;
	readonly total_quantity: string;
	readonly departments: readonly OwnDepartment[];
}

interface OwnDepartment {
	readonly department: string;
	readonly records: number;
	readonly sales: string;
	readonly quantity: string;
}

interface OwnResult {
	readonly total_transactions: number;
	readonly total_amount_exact: string;
	readonly top_category: string;
	readonly categories: readonly CategoryFigure[];
	readonly date_range: {readonly earliest: string; readonly latest: string};
	readonly unique_customers: {readonly value: number; readonly exact: boolean};
}

export function figuresOfOurs(stdout: string): Figures {
	const {status, totals, analyses, files} = JSON.parse(stdout) as OwnReport;
	const result = analyses.transactions ?? analyses.sales;
	if (status !== 'completed' || totals.completed !== totals.files || totals.rejected_rows > 0 || result === undefined) {
		throw new Error(`Expected a completed run without rejected records, found ${JSON.stringify({status, totals})}`);
	}
	return {
		...figuresOfResult(result),
		files: new Map(files.map(each => [basename(each.file), figuresOfResult(each.result)])),
	};
}

function figuresOfResult(result: OwnResult | OwnSales): Figures {
	if ('departments' in result) return figuresOfSales(result);
	if (result.top_category !== result.categories[0]?.category) {
		throw new Error(`Expected '${result.top_category}' to be the first of the categories`);
	}
	return {
		records: result.total_transactions,
		total: result.total_amount_exact,
		categories: result.categories,
		...result.date_range,
		customers: result.unique_customers,
	};
}

function figuresOfSales({total_records, total_sales_exact, total_quantity, departments}: OwnSales): Figures {
	const categories = departments.map(({department, records, sales, quantity}) => ({
		category: department,
		count: records,
		amount: sales,
		quantity,
	}));
	return {
		records: total_records,
		total: total_sales_exact,
		quantity: total_quantity,
		categories: categories.sort(byFrequency),
	};
}

const byFrequency = (left: Pick<CategoryFigure, 'category' | 'count'>, right: typeof left): number =>
	right.count - left.count || (left.category < right.category ? -1 : 1);

export const figuresOfJson = (stdout: string): Figures => JSON.parse(stdout) as Figures;

/** What DuckDB writes where it is asked for each file: a category of a file, the customers of a file, or those of all. Sales have departments only. */
interface DuckdbLine {
	readonly file: string | null;
	readonly category: string | null;
	readonly count: number | null;
	readonly amount: string | null;
	readonly earliest?: string | null;
	readonly latest?: string | null;
	readonly customers?: number | null;
	readonly quantity?: number;
}

export function figuresOfDuckdbByFile(stdout: string): Figures {
	const lines = stdout
		.trimEnd()
		.split('\n')
		.map(line => JSON.parse(line) as DuckdbLine);
	const customers = new Map<string | null, number>();
	const categories = new Map<string, DuckdbLine[]>();
	for (const line of lines) {
		if (typeof line.customers === 'number') customers.set(line.file, line.customers);
		else if (line.file !== null) {
			const own = categories.get(line.file);
			if (own === undefined) categories.set(line.file, [line]);
			else own.push(line);
		}
	}
	const files = Array.from(categories, ([file, own]) => [basename(file), sumLines(own, customers.get(file))] as const);
	return {...sumLines([...categories.values()].flat(), customers.get(null)), files: new Map(files)};
}

function sumLines(lines: readonly DuckdbLine[], customers: number | undefined): Figures {
	const groups = new Map<string, {category: string; count: number; cents: number; quantity?: number}>();
	const dates: string[] = [];
	for (const {category, count, amount, earliest, latest, quantity} of lines) {
		const group = groups.get(category ?? '') ?? {category: category ?? '', count: 0, cents: 0};
		group.count += Number(count);
		group.cents += Math.round(Number(amount) * 100);
		if (quantity !== undefined) group.quantity = (group.quantity ?? 0) + quantity;
		groups.set(group.category, group);
		dates.push(earliest ?? '', latest ?? '');
	}
	dates.sort();
	const ofAll = customers === undefined ? null : {earliest: dates[0] ?? '', latest: dates.at(-1) ?? '', customers};
	return ofCents(ofAll, [...groups.values()]);
}

/** The lines of `rivals/figures.awk`. */
export function figuresOfMawk(stdout: string): Figures {
	const [first = [], ...lines] = stdout
		.trimEnd()
		.split('\n')
		.map(line => line.split('\t'));
	const [earliest = '', latest = '', customers] = first;
	const groups = lines.map(([category = '', count, cents]) => ({category, count: Number(count), cents: Number(cents)}));
	return ofCents({earliest, latest, customers: Number(customers)}, groups);
}

interface OfAll {
	readonly earliest: string;
	readonly latest: string;
	readonly customers: number;
}

/** The one record of `rivals/figures.mlr`, or of `rivals/sales.mlr`. */
export function figuresOfMiller(stdout: string): Figures {
	const [found] = JSON.parse(stdout) as [
		Partial<OfAll> & {
			readonly counts: Readonly<Record<string, number>>;
			readonly sums: Readonly<Record<string, number>>;
			readonly quantities?: Readonly<Record<string, number>>;
		},
	];
	const {earliest, latest, customers, counts, sums, quantities} = found;
	const groups = Object.entries(counts).map(([category, count]) => ({
		category,
		count,
		cents: sums[category] ?? Number.NaN,
		...(quantities !== undefined && {quantity: quantities[category] ?? Number.NaN}),
	}));
	const isOfTransactions = earliest !== undefined && latest !== undefined && customers !== undefined;
	return ofCents(isOfTransactions ? {earliest, latest, customers} : null, groups);
}

interface GroupOfCents {
	readonly category: string;
	readonly count: number;
	readonly cents: number;
	readonly quantity?: number;
}

/** @param ofAll - `null` for sales. */
function ofCents(ofAll: OfAll | null, groups: readonly GroupOfCents[]): Figures {
	const sum = (pick: (group: GroupOfCents) => number): number =>
		groups.reduce((total, group) => total + pick(group), 0);
	return {
		records: sum(({count}) => count),
		total: decimalOfCents(sum(({cents}) => cents)),
		categories: [...groups]
			.sort(byFrequency)
			.slice(0, 100)
			.map(({category, count, cents, quantity}) => ({
				category,
				count,
				amount: decimalOfCents(cents),
				...(quantity !== undefined && {quantity: String(quantity)}),
			})),
		...(ofAll === null
			? {quantity: String(sum(({quantity = 0}) => quantity))}
			: {earliest: ofAll.earliest, latest: ofAll.latest, customers: {value: ofAll.customers, exact: true}}),
	};
}

function decimalOfCents(cents: number): string {
	const digits = String(Math.abs(cents)).padStart(3, '0');
	return `${cents < 0 ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}
