import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {detectDialect, isHeaderWhole} from '../../source/csv/dialect.ts';

const countKnown = (names: readonly string[]): number => names.filter(name => /^(?:amount|date)$/.test(name)).length;
const detect = (text: string) => detectDialect(Buffer.from(text), countKnown);
const text = fc
	.array(fc.constantFrom('amount', 'date', 'x', '"', '"', '""', ',', ';', '\t', '|', '\n', '\r\n', ' '), {
		maxLength: 14,
	})
	.map(parts => parts.join(''));

describe('the dialect', () => {
	test('is that of the names that are looked for, in quotes or not', () => {
		expect(detect('x;date;amount\n1,2,3,4\n').delimiter).toBe(';');
		expect(detect('"x, y"|"date"|"amount"\n').delimiter).toBe('|');
		expect(detect('"date;x"\t"amount"\n').delimiter).toBe('\t');
	});

	test('of files that begin with the same whole header is the same, whatever follows', () => {
		const counts = {whole: 0, quoted: 0, open: 0};
		fc.assert(
			fc.property(text, text, text, fc.constantFrom('', '\ufeff'), (start, one, other, mark) => {
				const header = mark + start;
				const {bomBytes} = detect(header);
				if (!isHeaderWhole(Buffer.from(header), {bomBytes})) {
					counts.open++;
					return;
				}
				counts[header.includes('"') ? 'quoted' : 'whole']++;
				expect(detect(header + one)).toEqual(detect(header + other));
			}),
			{numRuns: 3000},
		);
		for (const count of Object.values(counts)) expect(count).toBeGreaterThan(100);
	});

	test('may hang on what follows a quote that only one delimiter opens', () => {
		const header = 'date;"x,amount\n';
		expect(isHeaderWhole(Buffer.from(header), {bomBytes: 0})).toBe(false);
		expect(detect(`${header}";amount\n`).delimiter).toBe(';');
		expect(detect(`${header}1,2\n`).delimiter).toBe(',');
	});
});
