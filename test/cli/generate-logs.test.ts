import {describe, expect, test} from 'vitest';
import {generateBytes} from '../helpers/generated.ts';

const LINES = 20_000;

/** The lines of a file, one character for each byte. */
const linesOf = (index: number, malformedFraction = 0): readonly string[] =>
	generateBytes({kind: 'logs', index, rowsPerFile: LINES, malformedFraction})
		.toString('latin1')
		.split('\n')
		.slice(0, -1);

const DAY = '(?<day>0[1-9]|[12]\\d|3[01])';
const CLOCK = '(?<hour>[01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d';
const ACCESS = new RegExp(
	`^(?<client>\\d{1,3}(?:\\.\\d{1,3}){3}|[\\da-f:]+) - (?<user>-|[\\w.]+) \\[${DAY}/Jan/2022:${CLOCK} \\+0000\\] ` +
		'"(?:GET|HEAD|POST|PUT|DELETE) /[^ "]* HTTP/[12]\\.[01]" [1-5]\\d\\d (?:\\d+|-) "[^"]*" "[^"]*"$',
);
const SYSLOG = new RegExp(`^Jan (?: [1-9]|[12]\\d|3[01]) ${CLOCK} [\\w-]+ [\\w/]+(?:\\[\\d+\\])?: \\S.*$`);
const APPLICATION = new RegExp(
	`^2022-01-${DAY}T${CLOCK}\\.\\d{3}Z (?<level>ERROR|WARN |INFO |DEBUG|TRACE|FATAL) \\[[\\w-]+\\] shop\\.\\w+ - .+$`,
);
const CONTINUATION = /^$|^java\.[\w.]+(?:: .+)?$|^\tat [\w./]+\([\w.]+:\d+\)$|^Caused by: .+$|^\t\.\.\. \d+ more$/;
const FORMS = [ACCESS, SYSLOG, APPLICATION] as const;

const countBy = <Item>(items: readonly Item[], keyOf: (item: Item) => string): ReadonlyMap<string, number> =>
	new Map(Object.entries(Object.groupBy(items, keyOf)).map(([key, group]) => [key, group?.length ?? 0]));

describe('generated logs', () => {
	test.each([0, 1, 2, 3, 4, 5])('file %i has the form of its turn in each line', index => {
		const lines = linesOf(index);
		const form = FORMS[index % 3] ?? ACCESS;
		expect(lines).toHaveLength(LINES);
		const others = lines.filter(line => !form.test(line));
		if (form === APPLICATION) expect(others.filter(line => !CONTINUATION.test(line))).toEqual([]);
		else expect(others).toEqual([]);
	});

	test.each([0, 1, 2])('times in file %i only increase and look like a working day', index => {
		const lines = linesOf(index).filter(line => FORMS[index]?.test(line));
		const times = lines.map(line => /(?<=\d{4}:| |T)\d\d:\d\d:\d\d(?:\.\d{3})?/.exec(line)?.[0] ?? '');
		expect(times).toEqual(times.toSorted());
		const hours = countBy(times, time => time.slice(0, 2));
		expect(hours.size).toBe(24);
		const share = (hour: string): number => (hours.get(hour) ?? 0) / times.length;
		expect(share('10')).toBeGreaterThan(0.08);
		expect(share('12')).toBeLessThan(0.8 * share('10'));
		expect(share('03')).toBeLessThan(0.01);
	});

	test('the three logs of a day are followed by those of the next day', () => {
		const dayOf = (index: number): string =>
			/2022-01-\d\d|Jan ?[ \d]\d|\d\d\/Jan/.exec(linesOf(index)[0] ?? '')?.[0] ?? '';
		expect([0, 1, 2, 3, 4, 5].map(dayOf)).toEqual(['03/Jan', 'Jan  3', '2022-01-03', '04/Jan', 'Jan  4', '2022-01-04']);
	});

	test('a few users of an access log make most of the requests; two of three requests have no user', () => {
		const users = linesOf(0).map(line => ACCESS.exec(line)?.groups?.user ?? '');
		const named = users.filter(user => user !== '-');
		expect(named.length / LINES).toBeGreaterThan(0.28);
		expect(named.length / LINES).toBeLessThan(0.32);
		const counts = [...countBy(named, user => user).values()].toSorted((left, right) => right - left);
		expect(counts.length).toBeGreaterThan(50);
		const ofFirstTen = counts.slice(0, 10).reduce((sum, count) => sum + count, 0);
		expect(ofFirstTen / named.length).toBeGreaterThan(0.4);
	});

	test.each([
		[1, /(?<![a-z])user=[\w.]+/, 0.14, 0.2],
		[2, / user=[\w.]+/, 0.25, 0.5],
		[2, / user_id=\d+/, 0.1, 0.3],
		[2, / uid=\d+/, 0.05, 0.2],
		[2, / ERROR /, 0.03, 0.06],
		[2, / FATAL /, 0.0005, 0.005],
		[2, / TRACE /, 0.02, 0.08],
		[2, /^\tat /, 0.05, 0.25],
		[2, /^$/, 0.003, 0.012],
	])('of the lines of file %i, those with %s are between %d and %d', (index, pattern, least, most) => {
		const share = linesOf(index).filter(line => pattern.test(line)).length / LINES;
		expect(share).toBeGreaterThan(least);
		expect(share).toBeLessThan(most);
	});

	test('a stack trace follows an error, and has several lines', () => {
		const kinds = linesOf(2)
			.map(line =>
				/ (?:ERROR|FATAL) /.test(line) ? 'e' : /^java/.test(line) ? 's' : /^(\t|Caused)/.test(line) ? 'f' : '-',
			)
			.join('');
		expect(kinds.match(/s/g)?.length).toBeGreaterThan(100);
		expect(kinds.match(/(?<!e)s|(?<![sf])f|sf{0,4}(?!f)(?=.)|sf{13}/g)).toBeNull();
	});

	test.each([0, 1, 2])('lines of file %i are few when their digits are left out', index => {
		const shapes = new Set(linesOf(index).map(line => line.replace(/^\S+ \S+ [\w.-]+|[\da-f]{8,}|\d+/g, '#')));
		expect(shapes.size).toBeLessThan(LINES / 5);
	});
});

describe('malformed lines of generated logs', () => {
	test.each([0, 1, 2])('of file %i are the requested number, in three ways; the others stay as they are', index => {
		const good = linesOf(index);
		const lines = linesOf(index, 0.1);
		expect(lines).toHaveLength(LINES);
		const broken = lines.flatMap((line, row) => (line === good[row] ? [] : [{line, original: good[row] ?? ''}]));
		expect(broken).toHaveLength(LINES / 10);
		const ways = countBy(broken, ({line, original}) => {
			if (line.includes('\0')) return 'binary';
			expect(line, 'no time').not.toMatch(new RegExp(CLOCK));
			return original.startsWith(line) ? 'cut' : 'no time';
		});
		expect([...ways.keys()].toSorted()).toEqual(['binary', 'cut', 'no time']);
		for (const count of ways.values()) expect(count / broken.length).toBeGreaterThan(0.25);
		for (const {line} of broken) expect(line).not.toMatch(/\r/);
	});
});
