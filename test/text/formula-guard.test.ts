import fc from 'fast-check';
import {expect, test} from 'vitest';
import {guardFormula, mayNeedGuard, unguardFormula} from '../../source/text/formula-guard.ts';

const cells = fc
	.array(fc.constantFrom('=', '+', '-', '@', '＝', "'", '"', ';', '\t', '|', '\n', '\r', 'a', '1', '.', ' '), {
		maxLength: 8,
	})
	.map(parts => parts.join(''));

test('what is guarded is given back as it was, and no part of it begins as a formula', () => {
	fc.assert(
		fc.property(cells, cell => {
			const guarded = guardFormula(cell);
			expect(unguardFormula(guarded)).toBe(cell);
			for (const part of guarded.split(/[;\t|\r\n]+/)) {
				const isNumber = /^[+-]?(\d+\.?\d*|\.\d+)$/.test(part);
				if (!isNumber) expect(part).not.toMatch(/^"*[=+\-@＝]/);
			}
			if (!mayNeedGuard(cell)) expect(guarded).toBe(cell);
		}),
	);
});

test.each(['-5.00', '+3', '.5', '12', 'food', '2024-01-01', 'a=b'])('%s stays as it is', cell => {
	expect(guardFormula(cell)).toBe(cell);
});

test.each([
	['=cmd()', "'=cmd()"],
	["'=cmd()", "''=cmd()"],
	['-x', "'-x"],
	['a;=b', "a;'=b"],
])('%s is written as %s', (cell, guarded) => {
	expect(guardFormula(cell)).toBe(guarded);
});
