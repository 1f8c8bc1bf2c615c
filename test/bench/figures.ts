// What each program has to find out, read from what it prints, and whether two of them agree.
import {basename} from 'node:path';

/** The answer. Decimals are text, as exact as the program gave them. */
export interface Figures {
	readonly records: number;
	readonly total: string;
	/** The 100 most frequent, by count, then by name; so the first one is the top category. */
	readonly categories: readonly CategoryFigure[];
	readonly earliest: string;
	readonly latest: string;
	readonly customers: {readonly value: number; readonly exact: boolean};
	/** How long the program itself says its query took. */
	readonly queryMs?: number;
	/** The same of each file by its name, from those that tell it. */
	readonly files?: ReadonlyMap<string, Figures>;
}

export interface CategoryFigure {
	readonly category: string;
	readonly count: number;
	readonly amount: string;
}

/** What we use of our own report. */
interface OwnReport {
	readonly status: string;
	readonly totals: {readonly files: number; readonly completed: number; readonly rejected_rows: number};
	readonly analyses: {readonly transactions?: OwnResult};
	readonly files: ReadonlyArray<{readonly file: string; readonly result: OwnResult}>;
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
	const result = analyses.transactions;
	if (status !== 'completed' || totals.completed !== totals.files || totals.rejected_rows > 0 || result === undefined) {
		throw new Error(`Expected a completed run without rejected records, found ${JSON.stringify({status, totals})}`);
	}
	return {
		...figuresOfResult(result),
		files: new Map(files.map(each => [basename(each.file), figuresOfResult(each.result)])),
	};
}

function figuresOfResult(result: OwnResult): Figures {
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

export const figuresOfJson = (stdout: string): Figures => JSON.parse(stdout) as Figures;

/** What DuckDB writes where it is asked for each file: a category of a file, the customers of a file, or those of all. */
interface DuckdbLine {
	readonly file: string | null;
	readonly category: string | null;
	readonly count: number | null;
	readonly amount: string | null;
	readonly earliest: string | null;
	readonly latest: string | null;
	readonly customers: number | null;
}

export function figuresOfDuckdbByFile(stdout: string): Figures {
	const lines = stdout
		.trimEnd()
		.split('\n')
		.map(line => JSON.parse(line) as DuckdbLine);
	const customers = new Map<string | null, number>();
	const categories = new Map<string, DuckdbLine[]>();
	for (const line of lines) {
		if (line.customers !== null) customers.set(line.file, line.customers);
		else if (line.file !== null) {
			const own = categories.get(line.file);
			if (own === undefined) categories.set(line.file, [line]);
			else own.push(line);
		}
	}
	const files = Array.from(categories, ([file, own]) => [basename(file), sumLines(own, customers.get(file))] as const);
	return {...sumLines([...categories.values()].flat(), customers.get(null)), files: new Map(files)};
}

function sumLines(lines: readonly DuckdbLine[], customers = Number.NaN): Figures {
	const groups = new Map<string, {category: string; count: number; cents: number}>();
	const dates: string[] = [];
	for (const {category, count, amount, earliest, latest} of lines) {
		const group = groups.get(category ?? '') ?? {category: category ?? '', count: 0, cents: 0};
		group.count += Number(count);
		group.cents += Math.round(Number(amount) * 100);
		groups.set(group.category, group);
		dates.push(earliest ?? '', latest ?? '');
	}
	dates.sort();
	return ofCents({earliest: dates[0] ?? '', latest: dates.at(-1) ?? '', customers}, [...groups.values()]);
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

/** The one record of `rivals/figures.mlr`. */
export function figuresOfMiller(stdout: string): Figures {
	const [found] = JSON.parse(stdout) as [
		{
			readonly earliest: string;
			readonly latest: string;
			readonly customers: number;
			readonly counts: Readonly<Record<string, number>>;
			readonly sums: Readonly<Record<string, number>>;
		},
	];
	const groups = Object.entries(found.counts).map(([category, count]) => ({
		category,
		count,
		cents: found.sums[category] ?? Number.NaN,
	}));
	return ofCents(found, groups);
}

function ofCents(
	{earliest, latest, customers}: {readonly earliest: string; readonly latest: string; readonly customers: number},
	groups: ReadonlyArray<{readonly category: string; readonly count: number; readonly cents: number}>,
): Figures {
	const sorted = [...groups].sort(
		(left, right) => right.count - left.count || (left.category < right.category ? -1 : 1),
	);
	const sum = (pick: (group: (typeof groups)[number]) => number): number =>
		groups.reduce((total, group) => total + pick(group), 0);
	return {
		records: sum(({count}) => count),
		total: decimalOfCents(sum(({cents}) => cents)),
		categories: sorted
			.slice(0, 100)
			.map(({category, count, cents}) => ({category, count, amount: decimalOfCents(cents)})),
		earliest,
		latest,
		customers: {value: customers, exact: true},
	};
}

function decimalOfCents(cents: number): string {
	const digits = String(Math.abs(cents)).padStart(3, '0');
	return `${cents < 0 ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}
