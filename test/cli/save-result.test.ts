import fc from 'fast-check';
import {expect, test} from 'vitest';
import {stemOf} from '../../source/cli/commands/attach/save-result.ts';

test('what is saved here has the name of its file, as far as it can be one in this folder', () => {
	const names = [
		'sales.csv',
		'a/b/sales.csv.gz',
		'sales.csv (r_01J)',
		'../../.bashrc',
		'-rf',
		'Müller 2026.csv',
		'.csv',
		'..',
	];
	expect(names.map(stemOf)).toEqual([
		...['sales', 'sales', 'sales (r_01J)', 'bashrc', 'rf', 'Müller 2026', 'csv', 'task'],
	]);
});

test('no name of a file elsewhere leads out of this folder, hides itself, looks like a flag or is too long', () => {
	fc.assert(
		fc.property(fc.string({unit: 'grapheme', maxLength: 300}), name => {
			const stem = stemOf(name);
			expect(stem).not.toMatch(/[/\\\u0000-\u001F\u007F]|^[.~-]|^$/);
			expect(Buffer.byteLength(stem)).toBeLessThanOrEqual(180);
		}),
	);
});
