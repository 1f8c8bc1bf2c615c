// Metrics in the text that Prometheus reads, and in that of OpenMetrics 1.0, which is nearly the same.
export type Labels = Readonly<Record<string, string>>;

export interface Sample {
	/** What follows the name of the family: `_bucket`. */
	readonly ending?: string;
	readonly labels?: Labels;
	readonly value: number;
}

export interface Family {
	/** As it is in samples, but for what follows: a counter ends in `_total`. */
	readonly name: string;
	readonly type: 'counter' | 'gauge' | 'histogram';
	readonly help: string;
	readonly samples: () => Iterable<Sample> | Promise<Iterable<Sample>>;
}

type Define = Pick<Family, 'name' | 'help'>;

/** One number of each combination of labels. */
export class Counter implements Family {
	readonly type = 'counter';
	readonly name: string;
	readonly help: string;
	readonly #samples = new Map<string, {readonly labels: Labels; value: number}>();

	constructor({name, help}: Define) {
		this.name = name;
		this.help = help;
	}

	add(labels: Labels = {}, amount = 1): void {
		const key = JSON.stringify(labels);
		const sample = this.#samples.get(key);
		if (sample === undefined) this.#samples.set(key, {labels, value: amount});
		else sample.value += amount;
	}

	samples(): Iterable<Sample> {
		return this.#samples.values();
	}
}

interface Distribution {
	readonly labels: Labels;
	/** Of each bucket by itself; the last one is for what is beyond all. */
	readonly counts: number[];
	sum: number;
}

/** How many values there were up to each of some bounds. */
export class Histogram implements Family {
	readonly type = 'histogram';
	readonly name: string;
	readonly help: string;
	readonly #bounds: readonly number[];
	readonly #distributions = new Map<string, Distribution>();

	/** @param bounds - Ascending. */
	constructor({name, help}: Define, bounds: readonly number[]) {
		this.name = name;
		this.help = help;
		this.#bounds = bounds;
	}

	observe(value: number, labels: Labels = {}): void {
		const key = JSON.stringify(labels);
		const found = this.#distributions.get(key);
		const distribution = found ?? {labels, counts: Array<number>(this.#bounds.length + 1).fill(0), sum: 0};
		if (found === undefined) this.#distributions.set(key, distribution);
		const bucket = this.#bounds.findIndex(bound => value <= bound);
		const place = bucket === -1 ? this.#bounds.length : bucket;
		distribution.counts[place] = (distribution.counts[place] ?? 0) + 1;
		distribution.sum += value;
	}

	*samples(): Iterable<Sample> {
		for (const {labels, counts, sum} of this.#distributions.values()) {
			let count = 0;
			for (const [index, each] of counts.entries()) {
				count += each;
				const le = formatNumber(this.#bounds[index] ?? Number.POSITIVE_INFINITY);
				yield {ending: '_bucket', labels: {...labels, le}, value: count};
			}
			yield {ending: '_sum', labels, value: sum};
			yield {ending: '_count', labels, value: count};
		}
	}
}

/** What is looked at when somebody asks. */
export const gauge = (define: Define, samples: Family['samples']): Family => ({...define, type: 'gauge', samples});

/** What something else counts. */
export const countOf = (define: Define, samples: Family['samples']): Family => ({...define, type: 'counter', samples});

export const ONE = (value: number): readonly Sample[] => [{value}];

export const PROMETHEUS_TEXT = 'text/plain; version=0.0.4; charset=utf-8';
export const OPEN_METRICS_TEXT = 'application/openmetrics-text; version=1.0.0; charset=utf-8';

export async function textOf(families: readonly Family[], type: string): Promise<string> {
	const isOpenMetrics = type === OPEN_METRICS_TEXT;
	const parts: string[] = [];
	for (const family of families) {
		// OpenMetrics says of a counter what it counts, and only its samples end so.
		const named = isOpenMetrics && family.type === 'counter' ? family.name.replace(/_total$/, '') : family.name;
		parts.push(`# HELP ${named} ${family.help}\n# TYPE ${named} ${family.type}\n`);
		for (const {ending = '', labels = {}, value} of await family.samples())
			parts.push(`${family.name}${ending}${formatLabels(labels)} ${formatNumber(value)}\n`);
	}
	return `${parts.join('')}${isOpenMetrics ? '# EOF\n' : ''}`;
}

function formatLabels(labels: Labels): string {
	const pairs = Object.entries(labels).map(([name, value]) => `${name}="${value.replaceAll(/[\\"\n]/g, escapeOne)}"`);
	return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

const escapeOne = (character: string): string => (character === '\n' ? '\\n' : `\\${character}`);

function formatNumber(value: number): string {
	if (Number.isFinite(value)) return String(value);
	return Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf';
}
