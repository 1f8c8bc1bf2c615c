// What a chart of a series shows: the first value of each row, over time where the rows are named by dates.
import type {Table} from './present.ts';

/** 400 years of days. */
const MAX_MOMENTS = 150_000;

type Rows = Pick<Table, 'rowCount' | 'sizeOf' | 'nameOf'>;

/** The first value of each row; of each moment from the first to the last, where names are dates: time goes on where nothing happens. */
export function sizesOverTime({rowCount, sizeOf, nameOf}: Rows): number[] {
	const first = momentOf(nameOf(0));
	const count = momentOf(nameOf(rowCount - 1)) - first + 1;
	const asTheyCame = (): number[] => Array.from({length: rowCount}, (_, index) => sizeOf(index));
	if (!(count >= rowCount && count <= MAX_MOMENTS)) return asTheyCame();
	const sizes = Array.from({length: count}, () => 0);
	for (let index = 0; index < rowCount; index++) {
		const place = momentOf(nameOf(index)) - first;
		if (!(place >= 0 && place < count)) return asTheyCame();
		sizes[place] = sizeOf(index);
	}
	return sizes;
}

const MS_PER_DAY = 86_400_000;

/** The number of a year, a month (`2024-05`) or a day (`2024-05-01`); `NaN` of anything else. */
function momentOf(name: string | null): number {
	const [, year, month, day] = /^(\d{4})(?:-(0[1-9]|1[0-2])(?:-(\d\d))?)?$/.exec(name ?? '') ?? [];
	if (day !== undefined) return Date.parse(`${name}T00:00:00Z`) / MS_PER_DAY;
	return month === undefined ? Number(year) : Number(year) * 12 + Number(month);
}

/** `highest 12,345 in 2024-05`. */
export function describeHighest({rowCount, sizeOf, nameOf, valuesOf}: Table, dash: string): string {
	let highest = 0;
	for (let index = 1; index < rowCount; index++) if (sizeOf(index) > sizeOf(highest)) highest = index;
	return `highest ${valuesOf(highest)[0] ?? dash} in ${nameOf(highest) ?? dash}`;
}

/** Reduces many values to `count` columns by the mean of those that share one; fewer values keep one column each. */
export function resample(values: readonly number[], count: number): number[] {
	if (values.length <= count || count <= 0) return [...values];
	return Array.from({length: count}, (_, index) => {
		const from = Math.floor((index * values.length) / count);
		const to = Math.max(from + 1, Math.floor(((index + 1) * values.length) / count));
		const part = values.slice(from, to);
		return part.reduce((sum, value) => sum + value, 0) / part.length;
	});
}
