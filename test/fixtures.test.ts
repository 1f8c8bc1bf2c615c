// Each file of fixtures/ with an `.expected.json` of its name beside it is a test: a new pair is a new test without code.
import {readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {processBatch} from '../source/index.ts';

const folders = ['fixtures/transactions', 'fixtures/odd'];
const expectationEnding = '.expected.json';

const pairs = folders.flatMap(folder => {
	const names = readdirSync(folder);
	return names
		.filter(name => name.endsWith(expectationEnding))
		.map(name => {
			const stem = name.slice(0, -expectationEnding.length);
			const data = names.find(
				other => other !== name && other.startsWith(`${stem}.`) && !other.endsWith(expectationEnding),
			);
			return {stem, expectation: join(folder, name), data: data === undefined ? undefined : join(folder, data)};
		});
});

const report = await processBatch(pairs.map(({data}) => data ?? '').filter(path => path !== ''));

test('there are fixtures, and no expectation is without its file', () => {
	expect(pairs.length).toBeGreaterThan(50);
	expect(pairs.filter(({data}) => data === undefined)).toEqual([]);
});

test('every sample file has its expectation', () => {
	const data = folders.flatMap(folder => readdirSync(folder).map(name => join(folder, name)));
	const isData = (path: string): boolean => !path.endsWith(expectationEnding) && !path.endsWith('.md');
	expect(data.filter(isData).sort()).toEqual(pairs.map(pair => pair.data).sort());
});

test.each(pairs)('$stem gives what is expected of it', ({data, expectation}) => {
	const file = report.files.find(other => other.file === data);
	const {file: _file, attempts: _attempts, processing_time: _time, error, ...rest} = file ?? {error: null};
	const {message, ...errorWithoutMessage} = error ?? {message: null};
	const found = {...rest, error: error === null ? null : errorWithoutMessage};
	expect(found).toEqual(JSON.parse(readFileSync(expectation, 'utf8')));
	if (error !== null) expect(message).toMatch(/\w{3,} \w/);
});
