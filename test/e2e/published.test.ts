// What is built, as it is published.
import {readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {expect, test} from 'vitest';

test('programs are ASCII, because V8 takes 20 ms more of a start where one character of a file is another one', () => {
	const folder = fileURLToPath(new URL('../../dist', import.meta.url));
	const programs = readdirSync(folder, {recursive: true, encoding: 'utf8'}).filter(name =>
		/chunks.*\.c?js$/.test(name),
	);
	expect(programs.length).toBeGreaterThan(10);
	const others = programs.filter(name => /[^\0-\x7f]/.test(readFileSync(join(folder, name), 'utf8')));
	expect(others).toEqual([]);
});
