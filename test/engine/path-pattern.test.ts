// Patterns, held against bash, and the rules in which a pattern of ours is more than one of bash.
import {execFileSync, spawnSync} from 'node:child_process';
import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {visitMatches} from '../../source/engine/plan/match-pattern.ts';
import {displayName, pathText} from '../../source/text/path-text.ts';
import {createTemporaryFolder, workIn} from '../helpers/temporary-folder.ts';

/** What a pattern leads to, sorted; links to folders with an arrow behind them. */
async function matches(pattern: string): Promise<string[]> {
	const found = new Set<string>();
	const add = (path: string): number => found.add(displayName(Buffer.from(path, 'latin1'))).size;
	await visitMatches(pattern, {
		onMatch: async path => add(path),
		onLinkedFolder: path => add(`${path} ->`),
		onUnreadable: path => add(`${path} unreadable`),
		pause: () => undefined,
	});
	return [...found].sort();
}

describe('what is really there wins over what it would be as a pattern', () => {
	test.each([
		['year [2024]/*.x', ['year [2024]/a.x']],
		['./year [2024]/{a,b}.x', ['./year [2024]/a.x']],
		['year [2024]/deep {a,b}/*', ['year [2024]/deep {a,b}/c.x']],
		['*/deep {a,b}/*', ['year [2024]/deep {a,b}/c.x']],
		['*/deep [{]a,b}/*', ['year [2024]/deep {a,b}/c.x']],
		['*/w[ab]/*', ['2/w[ab]/b.x', '3/wa/a.x']],
		['2*/w[ab]/*.x', ['2/w[ab]/b.x']],
		['**/w[ab]/*', ['2/w[ab]/b.x', '3/wa/a.x']],
		['a?/*', ['a?/a.x']],
	])('%s', async (pattern, expected) => {
		const folder = createTemporaryFolder();
		for (const name of ['year [2024]/a.x', 'year [2024]/deep {a,b}/c.x', '2/w[ab]/b.x', '2/wa/a.x', '3/wa/a.x']) {
			folder.write(name);
		}
		for (const name of ['year 2/b.x', 'a?/a.x', 'ab/b.x']) folder.write(name);
		workIn(folder);
		expect(await matches(pattern)).toEqual(expected);
	});
});

test('a backslash takes the meaning from the character behind it', async () => {
	const folder = createTemporaryFolder();
	for (const name of ['[a]/b.x', 'a/b.x', '{a,b}.x', 'a*.x', 'ab.x', '\\.x']) folder.write(name);
	workIn(folder);
	expect(await matches(String.raw`\[a\]/*.x`)).toEqual(['[a]/b.x']);
	expect(await matches(String.raw`\{a,b}.*`)).toEqual(['{a,b}.x']);
	expect(await matches(String.raw`a\**`)).toEqual(['a*.x']);
	expect(await matches(String.raw`a[\*b].x`)).toEqual(['a*.x', 'ab.x']);
	expect(await matches(String.raw`\\*`)).toEqual([String.raw`\.x`]);
	// What is never closed or ends with a backslash is text.
	expect(await matches('[a')).toEqual([]);
	expect(await matches('*\\')).toEqual([]);
});

test('names are matched by their characters, and bytes that are not UTF-8 are one each', async () => {
	const folder = createTemporaryFolder();
	for (const bytes of ['caf\xe9.x', 'caf\xe8.x', 'caf\xc3\xa9.x', 'caf\xe9\xe9.x']) {
		folder.writeBytesName(Buffer.from(bytes, 'latin1'));
	}
	workIn(folder);
	const [byte, other] = [0xe9, 0xe8].map(value => pathText(Buffer.of(value)));
	expect(await matches('caf?.x')).toEqual(['caf\\xe8.x', 'caf\\xe9.x', 'café.x']);
	expect(await matches(`caf${byte}*`)).toEqual(['caf\\xe9.x', 'caf\\xe9\\xe9.x']);
	expect(await matches(`caf[${byte}é].x`)).toEqual(['caf\\xe9.x', 'café.x']);
	expect(await matches(`caf{${byte},${other}}.*`)).toEqual(['caf\\xe8.x', 'caf\\xe9.x']);
});

describe('links to folders', () => {
	const create = (): void => {
		const folder = createTemporaryFolder();
		folder.write('data/in/a.x');
		folder.write('outside/b.x');
		folder.link('../outside', 'data/link');
		folder.link('.', 'data/self');
		folder.link('loop', 'data/loop');
		folder.link('gone', 'data/dangling');
		workIn(folder);
	};

	test.each([
		['data/**/*.x', ['data/in/a.x', 'data/link ->', 'data/self ->']],
		['./data/**/*.x', ['./data/in/a.x', './data/link ->', './data/self ->']],
		['data/*/*.x', ['data/in/a.x', 'data/link ->', 'data/self ->']],
		['data/l*/*.x', ['data/link ->']],
		['data/in/*.x', ['data/in/a.x']],
	])('are told where %s meets them, and not gone through', async (pattern, expected) => {
		create();
		expect(await matches(pattern)).toEqual(expected);
	});

	test.each([
		['data/link/*.x', ['data/link/b.x']],
		['*/link/*.x', ['data/link/b.x']],
		['data/{in,link}/*.x', ['data/in/a.x', 'data/link/b.x']],
		['data/self/link/*', ['data/self/link/b.x']],
	])('are what %s names', async (pattern, expected) => {
		create();
		expect(await matches(pattern)).toEqual(expected);
	});
});

const hasBash = spawnSync('bash', ['-c', 'shopt -s globstar extglob']).status === 0;

/** What bash makes of the same pattern; it takes words without a wildcard as they are. */
function matchesOfBash(patterns: readonly string[], cwd: string): string[][] {
	const script = `shopt -s globstar extglob nullglob
while read -r pattern; do
	eval "words=($pattern)"
	for word in "\${words[@]}"; do [ -e "$word" ] && printf '%s\\0' "$word"; done
	printf '\\0'
done`;
	const input = patterns.map(pattern => `${pattern}\n`).join('');
	const output = execFileSync('bash', ['--norc', '-c', script], {
		cwd,
		input,
		encoding: 'utf8',
		env: {...process.env, LC_ALL: 'C.UTF-8', BASH_ENV: ''},
	});
	const results: string[][] = [];
	let words: string[] = [];
	for (const word of output.split('\0').slice(0, -1)) {
		if (word !== '') words.push(word.replaceAll(/\/+/g, '/'));
		else {
			results.push([...new Set(words)].sort());
			words = [];
		}
	}
	return results;
}

test.skipIf(!hasBash)('patterns match what they match in bash', async () => {
	const folder = createTemporaryFolder();
	const names = [
		'a',
		'b',
		'ab',
		'ba',
		'aab',
		'a-b',
		'a.b',
		'A',
		'1',
		'2',
		'10',
		'é',
		'aé',
		'漢',
		'.a',
		'b!',
		']',
		'^',
		'😀',
	];
	for (const name of names) {
		folder.write(`${name}.x`);
		folder.write(`${name}/a.x`);
		folder.write(`a/${name}/b`);
	}
	folder.write('a/.hidden/ab/a.x');
	workIn(folder);
	const token = fc.constantFrom(
		...['a', 'b', 'x', '.', '.x', '*', '?', '**', '[ab]', '[!a]', '[^b.]', '[a-c]', '[!]]', '[]a]', '[[:digit:]]'],
		...[
			'{a,b}',
			'{a,{b,aé}}',
			'{1..10}',
			'{a..b}',
			'{,a}',
			'{a/,b}',
			'+(a|b)',
			'?(a)',
			'*(ab|b)',
			'@(é|A)',
			'!(a)',
			'\\?',
			'\\*',
			'[a-\\c]',
		],
	);
	const name = fc.array(token, {minLength: 1, maxLength: 3}).map(tokens => tokens.join(''));
	const pattern = fc
		.array(fc.oneof({weight: 4, arbitrary: name}, fc.constantFrom('**', '.', 'a', '*')), {minLength: 1, maxLength: 3})
		.map(parts => parts.join('/'))
		// Of `*!(a)` bash does not try all ways. A name of two asterisks at the end is, in bash, also the folder in front of it.
		.filter(text => !/(?:^|\/)\*\*(?:$|\{)|\{,a\}\*\*$|^\{,|\*!/.test(text));
	const patterns = fc.sample(pattern, {numRuns: 3000, seed: 7});
	const expected = matchesOfBash(patterns, folder.path);
	expect(expected).toHaveLength(patterns.length);
	for (const [index, text] of patterns.entries()) {
		expect(await matches(text), text).toEqual(expected[index]);
	}
});
