// What `routes check` says of routes, on terminals of any width.
import {expect, test} from 'vitest';
import {routedFileLines, routesLines} from '../../source/cli/commands/routes/routes-lines.ts';
import {loadPipeline} from '../../source/pipeline/routes/load-pipeline.ts';
import {displayWidth} from '../../source/text/width.ts';
import {catalogOf} from '../helpers/processor-catalog.ts';
import {createTemporaryFolder} from '../helpers/temporary-folder.ts';

const all = {
	name: ['*.csv', '漢字*', '*\u001b[2J'],
	size: {min: 1, max: '10MiB'},
	folder: ['', '2026/**'],
	columns: ['customer_id', 'amount', 'date', 'category', 'a', 'b', 'c', 'd', 'e', 'f'],
	dialect: {delimiter: ';', header: true, compression: null},
	firstBytes: 'hex:00 ff',
	contains: 'x'.repeat(200),
	matches: '^(a|b)+\\d$',
};

test('all terms of a route, its steps and where they lead are told, and no line is wider than the terminal', async () => {
	const file = createTemporaryFolder().write(
		'routes.json',
		JSON.stringify({
			routes: [
				{
					tag: 'all terms',
					match: all,
					steps: [{processor: 'command', with: {run: ['a', 'b']}, tags: {urgent: 'page', late: 'page'}}],
				},
				{tag: 'page', steps: []},
				{tag: 'rest', match: 'any', steps: [{processor: './a.ts'}]},
			],
		}),
	);
	const loaded = await loadPipeline(file, catalogOf({'a.ts': 'a'}));
	expect(routesLines(loaded, 'routes.json', {columns: Number.POSITIVE_INFINITY, ascii: false})).toEqual([
		'routes.json: 3 routes, and nothing is wrong with them.',
		'',
		`1. all terms: files with a name like “*.csv”, “漢字*”, “*\\x1b[2J”, a size of 1 to 10MiB, a place in no folder or the folder “2026/**”, the columns “customer_id”, “amount”, “date”, “category”, “a”, “b”, “c”, “d” and 2 more, the dialect delimiter ";", header true, compression null, the first bytes 00 ff, “${'x'.repeat(60)}…” in the text and a line that fits “^(a|b)+\\d$”`,
		'   command: run ["a","b"]; “urgent” → page, “late” → page',
		'2. page: only what “all terms” sends here',
		'   (no steps: the file is only moved)',
		'3. rest: every file that is left',
		'   a.ts',
	]);
	const passed = [{tag: 'all terms', term: 'contains', expected: `“${'x'.repeat(60)}…”`, found: 'a text without it'}];
	const routed = {file: 'some folder/some long name.csv', route: 'rest', passed, error: null};
	const failed = {
		...routed,
		route: null,
		error: {code: 'CORRUPT_GZIP', message: 'The file ends too early. '.repeat(5)},
	};
	for (const columns of [40, 60, 80, 100])
		for (const ascii of [true, false]) {
			const lines = [
				...routesLines(loaded, 'routes.json', {columns, ascii}),
				...routedFileLines(routed, {columns, ascii}),
				...routedFileLines(failed, {columns, ascii}),
			];
			expect(lines.filter(line => displayWidth(line) > columns)).toEqual([]);
		}
});

test('a file of the older system is explained with what else it says', async () => {
	const file = createTemporaryFolder().write(
		'log_processor_config.json',
		'{"watch_dir": "watch_dir", "processors": ["simple", "stateful"], "dashboard": {"host": "0.0.0.0", "port": 8000}, "recovery": {"enabled": true, "check_interval": 60}}',
	);
	const loaded = await loadPipeline(file, catalogOf());
	expect(routesLines(loaded, 'c.json', {columns: Number.POSITIVE_INFINITY, ascii: true})).toEqual([
		'c.json: 1 route, and nothing is wrong with it.',
		'It also has the folder “watch_dir”, recovery every 60 s and a dashboard at “0.0.0.0:8000”.',
		'',
		'1. pipeline: every file that is left',
		'   simple',
		'   stateful',
	]);
});
