// The table of OWASP ASVS: that it has every requirement that concerns a server, and that the tests that it names are there.
import {existsSync, readFileSync} from 'node:fs';
import {expect, test} from 'vitest';

const document = readFileSync('source/server/ASVS.md', 'utf8');
const rows = Array.from(
	document.matchAll(/^\| (\d+\.\d+\.\d+) \| ([^|]+) \| ([^|]+) \|$/gm),
	([, id = '', , held = '']) => ({
		...{id, held},
	}),
);

/** `1.1.1-2` stands for 1.1.1 and 1.1.2. */
const CONCERNS =
	`1.1.1-2 1.2.1-5 1.2.9 1.3.3 1.3.6 1.5.2 2.1.1-3 2.2.1-3 2.3.1-4 2.4.1 3.2.1-2 3.3.1-4 3.4.1-6 3.5.1-5 3.7.1-2 4.1.1-3 4.2.1
	4.4.1-4 5.1.1 5.2.1-3 5.3.1-2 5.4.1-3 6.1.1-3 6.2.1-12 6.3.1-4 6.4.1-4 6.5.1-5 6.6.1-3 6.8.1-4 7.1.1-3 7.2.1-4 7.3.1-2 7.4.1-5 7.5.1-2
	8.1.1-2 8.2.1-3 8.3.1 8.4.1 9.1.1-3 9.2.1-4 11.1.1-2 11.2.1-3 11.3.1-3 11.4.1-4 11.5.1 11.6.1 12.1.1-2 12.2.1 12.3.1-4 13.1.1 13.2.1-5
	13.3.1-2 13.4.1-5 14.1.1-2 14.2.1-4 14.3.1-3 15.1.1-3 15.2.1-3 15.3.1-7 16.1.1 16.2.1-5 16.3.1-4 16.4.1-3 16.5.1-3
	1.2.10 3.4.8 5.2.4 5.2.5 6.3.7 6.3.8 14.2.7 15.4.2 16.5.4`
		.split(/\s+/)
		.flatMap(range => {
			const [, group = '', from = '', to = from] = /^(\d+\.\d+)\.(\d+)(?:-(\d+))?$/.exec(range) ?? [];
			return Array.from({length: Number(to) - Number(from) + 1}, (_, index) => `${group}.${Number(from) + index}`);
		});

test('the table has each requirement once, and each is held by a test, by a reason, or open', () => {
	expect(rows.map(({id}) => id)).toEqual(CONCERNS);
	expect(document.split('\n').filter(line => /^\| \d/.test(line))).toHaveLength(rows.length);
	for (const {id, held} of rows) expect(held, id).toMatch(/^(?:(?:reason|open): \S|`test\/[\w./-]+`: \S)/);
});

test('the tests that it names are there', () => {
	const named = rows.flatMap(({id, held}) => {
		const [, path, title] = /^`([^`]+)`: (.+)$/.exec(held) ?? [];
		return path === undefined || title === undefined ? [] : [{id, path, title}];
	});
	expect(named.length).toBeGreaterThan(80);
	for (const {id, path, title} of named) {
		expect(existsSync(path), `${id}: ${path}`).toBe(true);
		const isThere = ["'", '`'].some(quote => readFileSync(path, 'utf8').includes(`${quote}${title}`));
		expect(isThere, `${id}: ${path} has no test “${title}…”`).toBe(true);
	}
});

test('nobody claims the level while something is open', () => {
	const isOpen = rows.some(({held}) => held.startsWith('open:'));
	for (const path of ['README.md', 'CHANGELOG.md', 'source/ARCHITECTURE.md'])
		if (isOpen) expect(readFileSync(path, 'utf8'), path).not.toMatch(/ASVS[^.\n]*(?:level 2|L2)/i);
});
