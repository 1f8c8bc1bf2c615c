import {spawnSync} from 'node:child_process';
import fc from 'fast-check';
import {expect, test} from 'vitest';
import {displayName} from '../../source/text/path-text.ts';
import {shellWord} from '../../source/text/shell-word.ts';
import {randomCases} from '../helpers/random-cases.ts';

test('a plain path stays as it is, any other is in quotes', () => {
	expect(shellWord('/data/in/orders_2024-01.csv')).toBe('/data/in/orders_2024-01.csv');
	expect(shellWord('my file.csv')).toBe("'my file.csv'");
	expect(shellWord("o'clock $HOME.csv")).toBe("'o'\\''clock $HOME.csv'");
	expect(shellWord('-rf.csv')).toBe('./-rf.csv');
});

test('bash reads every word as the name that it stands for', () => {
	const bytes = fc
		.uint8Array({minLength: 1, maxLength: 12})
		.map(array => Buffer.from(array.filter(byte => byte !== 0)));
	const names = fc.oneof(
		fc.string({unit: 'binary', minLength: 1}).map(text => Buffer.from(text.replaceAll('\0', ''))),
		bytes,
	);
	fc.assert(
		fc.property(
			fc.array(
				names.filter(({length}) => length > 0),
				{minLength: 30, maxLength: 60},
			),
			all => {
				const words = all.map(name => shellWord(displayName(name)));
				for (const word of words) expect(word).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}]/u);
				const {stdout} = spawnSync('bash', ['-c', `printf '%s\\0' ${words.join(' ')}`]);
				const read = stdout.toString('latin1').split('\0').slice(0, -1);
				const wanted = all.map(name => (name[0] === 0x2d ? `./${name.toString('latin1')}` : name.toString('latin1')));
				expect(read).toEqual(wanted);
			},
		),
		{numRuns: randomCases(5)},
	);
});
