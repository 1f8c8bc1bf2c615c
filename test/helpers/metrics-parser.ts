// Reads metrics as strictly as Prometheus and `promtool check metrics` do.
import {expect} from 'vitest';

export interface ReadSample {
	readonly name: string;
	readonly labels: Readonly<Record<string, string>>;
	readonly value: number;
}

export interface ReadFamily {
	readonly name: string;
	readonly type: string;
	readonly help: string;
	readonly samples: ReadSample[];
}

const NAME = /^[a-z][a-z0-9]*(_[a-z0-9]+)*$/;
const SAMPLE =
	/^([a-z_0-9]+)(?:\{((?:[a-z_]+="(?:[^"\\\n]|\\[\\"n])*",?)*)\})? (-?\d+(?:\.\d+)?(?:e[+-]?\d+)?|[+-]Inf|NaN)$/;
/** Units that are no base units. */
const OTHER_UNITS = /_(?:milliseconds|ms|minutes|hours|kilobytes|kb|megabytes|mb|percent)(?:_|$)/;

export function readMetrics(text: string, {isOpenMetrics}: {readonly isOpenMetrics: boolean}): Map<string, ReadFamily> {
	expect(text.endsWith(isOpenMetrics ? '\n# EOF\n' : '\n')).toBe(true);
	const families = new Map<string, ReadFamily>();
	let family = null as ReadFamily | null;
	for (const line of text.trimEnd().split('\n')) {
		if (isOpenMetrics && line === '# EOF') continue;
		const [, help = '', helpText = ''] = /^# HELP (\S+) (.+)$/.exec(line) ?? [];
		const [, typed = '', type = ''] = /^# TYPE (\S+) (counter|gauge|histogram)$/.exec(line) ?? [];
		if (help !== '') {
			expect(families.has(help), `${help} twice`).toBe(false);
			expect(help).toMatch(NAME);
			expect(help).not.toMatch(OTHER_UNITS);
			family = {name: help, type: '', help: helpText, samples: []};
		} else if (typed !== '') {
			expect(family).toMatchObject({name: typed, type: '', samples: []});
			if (family === null) throw new Error(`${line} comes without HELP`);
			if (type === 'counter') expect(typed.endsWith('_total')).toBe(!isOpenMetrics);
			else expect(typed).not.toMatch(/_(?:total|count|sum|bucket)$/);
			family = {...family, type};
			families.set(typed, family);
		} else {
			if (family === null || family.type === '') throw new Error(`${line} comes without TYPE`);
			family.samples.push(readSample(line, family, isOpenMetrics));
		}
	}
	for (const each of families.values()) checkFamily(each);
	return families;
}

function readSample(line: string, family: ReadFamily, isOpenMetrics: boolean): ReadSample {
	const [, name = '', labelText = '', number = ''] = SAMPLE.exec(line) ?? [];
	expect(name, `of ${line}`).not.toBe('');
	const endings = {counter: isOpenMetrics ? ['_total'] : [''], gauge: [''], histogram: ['_bucket', '_sum', '_count']};
	const allowed = endings[family.type as keyof typeof endings].map(ending => family.name + ending);
	expect(allowed, line).toContain(name);
	const pairs = Array.from(labelText.matchAll(/([a-z_]+)="((?:[^"\\]|\\.)*)"/g), ([, label = '', value = '']) => [
		label,
		value.replaceAll(/\\(.)/g, (_, escaped: string) => (escaped === 'n' ? '\n' : escaped)),
	]);
	const labels = Object.fromEntries(pairs) as Record<string, string>;
	expect(Object.keys(labels), `a label twice in ${line}`).toHaveLength(pairs.length);
	const value = Number(number.replace('Inf', 'Infinity'));
	if (family.type !== 'gauge') expect(value, line).toBeGreaterThanOrEqual(0);
	return {name, labels, value};
}

function checkFamily({name, type, samples}: ReadFamily): void {
	const keys = samples.map(sample => JSON.stringify([sample.name, Object.entries(sample.labels).sort()]));
	expect(new Set(keys).size, `a sample of ${name} twice`).toBe(keys.length);
	if (type !== 'histogram') return;
	const groups = new Map<string, ReadSample[]>();
	for (const sample of samples) {
		const {le, ...rest} = sample.labels;
		const key = JSON.stringify(rest);
		groups.set(key, [...(groups.get(key) ?? []), sample]);
	}
	for (const group of groups.values()) {
		const buckets = group.filter(sample => sample.name.endsWith('_bucket'));
		const bounds = buckets.map(({labels}) => Number(labels.le?.replace('Inf', 'Infinity')));
		expect(bounds).toEqual([...bounds].sort((one, other) => one - other));
		expect(bounds.at(-1)).toBe(Number.POSITIVE_INFINITY);
		const counts = buckets.map(({value}) => value);
		expect(counts).toEqual([...counts].sort((one, other) => one - other));
		expect(group.find(sample => sample.name.endsWith('_count'))?.value).toBe(counts.at(-1));
		expect(group.filter(sample => sample.name.endsWith('_sum'))).toHaveLength(1);
	}
}
