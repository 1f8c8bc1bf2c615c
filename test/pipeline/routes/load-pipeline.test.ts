// Files of routes: what they may say, and where what is wrong stands.
import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {topicText} from '../../../source/cli/commands/topics/topic-text.ts';
import {loadPipeline} from '../../../source/pipeline/routes/load-pipeline.ts';
import {parsePipeline} from '../../../source/pipeline/routes/parse-pipeline.ts';
import {PipelineError} from '../../../source/pipeline/routes/pipeline-error.ts';
import {catalogOf} from '../../helpers/processor-catalog.ts';
import {randomCases} from '../../helpers/random-cases.ts';
import {createTemporaryFolder} from '../../helpers/temporary-folder.ts';

const example = `{
  "routes": [
    {"tag": "transactions", "match": {"columns": ["customer_id", "amount", "date", "category"]},
     "steps": [{"processor": "analyze", "with": {"analysis": ["transactions", "quality"]}}]},
    {"tag": "errors", "match": {"name": "*.log", "contains": "ERROR"},
     "steps": [{"processor": "analyze", "with": {"analysis": "lines"}}, {"processor": "./processors/alert.ts", "tags": {"urgent": "page"}}]},
    {"tag": "page", "steps": [{"processor": "command", "with": {"run": ["mail", "-s", "errors", "ops"]}}]},
    {"tag": "text", "match": {"name": ["*.txt", "*.md"], "size": {"min": 1, "max": "10MiB"}, "folder": "", "matches": "^x+$", "firstBytes": "hex:25 50",
      "dialect": {"delimiter": "tab", "encoding": "latin1", "header": true, "compression": "none"}},
     "steps": [{"processor": "uppercase"}]},
    {"tag": "other", "match": "any", "steps": [{"processor": "analyze"}]}],
  "processors": ["./processors/uppercase.ts"]
}
`;
const modules = {'alert.ts': 'alert', 'uppercase.ts': 'uppercase'};

async function load(text: string | Uint8Array, name = 'routes.json') {
	const folder = createTemporaryFolder();
	return {folder, ...(await loadPipeline(folder.write(name, text), catalogOf(modules)))};
}

/** What is told of a text that is wrong: `line:column sentence`. */
async function faultsOf(text: string): Promise<string[]> {
	try {
		await load(text);
		return [];
	} catch (error) {
		if (!(error instanceof PipelineError)) throw error;
		return error.faults.map(({place, sentence}) => `${place?.line ?? '-'}:${place?.column ?? '-'} ${sentence}`);
	}
}

describe('what is right', () => {
	test('what help shows', () => {
		const examples = topicText('routing')
			.split(/\n\n+/)
			.filter(part => part.startsWith('\t{'));
		const ofRoutes = examples.filter(text => text.includes('"routes"'));
		expect(ofRoutes).toHaveLength(1);
		expect(parsePipeline(ofRoutes[0] ?? '').faults).toEqual([]);
	});

	test('all that routes may say', async () => {
		const {pipeline, folder, modules: loaded} = await load(example);
		const alert = folder.at('processors/alert.ts');
		expect(pipeline.routes.map(({tag}) => tag)).toEqual(['transactions', 'errors', 'page', 'text', 'other']);
		expect(pipeline.routes[1]).toEqual({
			tag: 'errors',
			match: {name: ['*.log'], contains: 'ERROR'},
			steps: [
				{processor: 'analyze', with: {analysis: 'lines'}, tags: {}},
				{processor: alert, with: {}, tags: {urgent: 'page'}},
			],
		});
		expect(pipeline.routes[2]?.match).toBe(null);
		expect(pipeline.routes[3]).toEqual({
			tag: 'text',
			match: {
				...{name: ['*.txt', '*.md'], size: {min: 1, max: 10 * 2 ** 20}, folder: [''], matches: '^x+$'},
				firstBytes: Buffer.from('%P'),
				dialect: {delimiter: '\t', encoding: 'windows-1252', header: true, compression: null},
			},
			// By the name that its module exports.
			steps: [{processor: folder.at('processors/uppercase.ts'), with: {}, tags: {}}],
		});
		expect(pipeline.routes[4]?.match).toBe('any');
		expect(loaded.get(alert)?.name).toBe('alert');
	});

	test('the same as a part of a configuration file', async () => {
		const wrapped = await load(`{"$schema": "./schema.json", "watch": ${example}}`);
		expect(wrapped.pipeline.routes).toHaveLength(5);
		expect(wrapped.pipeline.digest).toBe((await load(example)).pipeline.digest);
	});

	test('a digest of all that results depend on, and of nothing else', async () => {
		const {digest} = (await load(example)).pipeline;
		expect(digest).toMatch(/^[\da-f]{32}$/);
		const digestOf = async (text: string): Promise<string> => (await load(text)).pipeline.digest;
		expect(await digestOf(example.replaceAll('\n', ' '))).toBe(digest);
		expect(
			await digestOf(
				example.replace('"tag": "errors", "match"', '"match"').replace('"ERROR"}', '"ERROR"}, "tag": "errors"'),
			),
		).toBe(digest);
		for (const [from, to] of [
			['"ERROR"', '"error"'],
			['"lines"', '"profile"'],
			['"urgent"', '"other"'],
			['25 50', '25 51'],
			['"tag": "other"', '"tag": "rest"'],
			['["*.txt", "*.md"]', '["*.md", "*.txt"]'],
		] as const)
			expect(await digestOf(example.replace(from, to))).not.toBe(digest);
	});
});

const ok = '{"tag": "ok", "match": {"name": "*.csv"}, "steps": [{"processor": "analyze"}]}';
const routes = (...lines: readonly string[]): string => `{"routes": [\n${lines.join(',\n')}\n]}`;

test.each([
	[
		'no JSON',
		'{"routes": [\n{"tag": "x" "match": "any"}]}',
		['2:13 is no JSON: expected a comma or }, but found “"”.'],
	],
	['a list', '[]', ['1:1 Expected an object like {"routes": […]}, but found a list.']],
	['nothing', '{}', ['1:1 Expected routes, but there are none.']],
	['no routes', '{"routes": []}', ['1:12 routes is empty: no file would have a route.']],
	['routes that are no list', '{"routes": {}}', ['1:12 routes takes a list of routes like [']],
	[
		'a misspelt key',
		routes('{"tag": "x",\n "matc": "any", "steps": []}'),
		['3:2 routes[0] takes tag, match and steps, but got “matc”. Did you mean match?'],
	],
	[
		'a misspelt key of the file',
		`{"procesors": [], ${routes(ok).slice(1)}`,
		['1:2 Expected routes, processors and $schema, but got “procesors”. Did you mean processors?'],
	],
	[
		'a key twice',
		routes('{"tag": "x", "match": "any", "match": "any", "steps": []}'),
		['2:30 routes[0].match is set twice.'],
	],
	[
		'a tag twice',
		routes(ok, ok.replace('csv', 'tsv')),
		['3:9 routes has two routes with the tag “ok”: each needs a tag of its own.'],
	],
	[
		'no tag and no steps',
		routes('{"match": "any"}'),
		['2:1 routes[0] has no tag: add', '2:1 routes[0] has no steps: add'],
	],
	[
		'steps that are no list',
		routes('{"tag": "x", "match": "any",\n"steps": {"processor": "analyze"}}'),
		['3:10 routes[0].steps takes a list of steps like'],
	],
	[
		'a processor that is not there',
		routes('{"tag": "x", "match": "any", "steps": [\n{"processor": "analyse"}]}'),
		['3:15 There is no processor “analyse”. Did you mean analyze? Known are analyze, convert,'],
	],
	[
		'a module that is not there',
		routes('{"tag": "x", "match": "any", "steps": [\n{"processor": "./nowhere.ts"}]}'),
		['3:15 The module “./nowhere.ts” cannot be used: there is no such file.'],
	],
	[
		'a module that is no path',
		`{"processors": ["uppercase"], ${routes(ok).slice(1)}`,
		['1:17 processors[0] takes the path of a module like ./uppercase.ts, but got the text “uppercase”.'],
	],
	[
		'a wrong setting',
		routes('{"tag": "x", "match": "any", "steps": [{"processor": "analyze",\n"with": {"analysis": ["a", 1]}}]}'),
		['3:28 routes[0].steps[0].with.analysis[1] takes a text.'],
	],
	[
		'a tag that is not there',
		routes(ok, '{"tag": "x", "match": "any", "steps": [{"processor": "analyze",\n"tags": {"urgent": "okk"}}]}'),
		['4:20 routes[1].steps[0].tags sends files to “okk” for “urgent”, but no route has this tag. Did you mean “ok”?'],
	],
	[
		'a way that never ends',
		routes(
			'{"tag": "a", "match": "any", "steps": [{"processor": "analyze", "tags": {"on": "b"}}]}',
			'{"tag": "b", "steps": [{"processor": "analyze", "tags": {"on": "a"}}]}',
		),
		['3:64 routes have a way that never ends: “a” → “b” → “a”.'],
	],
	[
		'a route that leads to itself',
		routes('{"tag": "a", "match": "any", "steps": [{"processor": "analyze", "tags": {"on": "a"}}]}'),
		['2:80 routes have a way that never ends: “a” → “a”.'],
	],
	[
		'a route that nothing leads to',
		routes(ok, '{"tag": "page", "steps": []}'),
		['3:9 routes[1] is never taken: it has no match, and no step leads to “page”.'],
	],
	[
		'a route behind any',
		routes('{"tag": "all", "match": "any", "steps": []}', ok),
		['3:24 routes[1].match is never looked at: “all” in front of it takes every file.'],
	],
	[
		'more steps than a file may take',
		routes(`{"tag": "x", "match": "any", "steps": [${Array(33).fill('{"processor": "analyze"}')}]}`),
		['2:9 routes[0] has a way of 33 steps; a file may take 32 at most.'],
	],
	['a match without terms', routes('{"tag": "x", "match": {}, "steps": []}'), ['2:23 routes[0].match has no terms.']],
	[
		'terms that cannot be read',
		routes(
			'{"tag": "x", "match": {"name": "a/b", "size": "1MB", "folder": "../x", "columns": [], "contains": 1}, "steps": []}',
		),
		[
			'2:32 routes[0].match.name is about names without folders, but got “a/b”.',
			'2:47 routes[0].match.size takes an object like {"min": 1, "max": "10MiB"}, but got the text “1MB”.',
			'2:64 routes[0].match.folder takes no .., but got “../x”.',
			'2:83 routes[0].match.columns takes the name of a column, or a list of such, but got an empty list.',
			'2:99 routes[0].match.contains takes a text that files contain, but got 1.',
		],
	],
	[
		'sizes that are none',
		routes(
			'{"tag": "x", "match": {"size": {"min": "2kB", "max": "1 kB"}}, "steps": []}',
			'{"tag": "y", "match": {"size": {"min": -1, "max": "ten"}}, "steps": []}',
		),
		[
			'2:32 routes[0].match.size fits no file: min is 2kB, max only 1kB.',
			'3:40 routes[1].match.size.min takes whole bytes',
			'3:51 routes[1].match.size.max takes whole bytes',
		],
	],
	[
		'dialects that are none',
		routes(
			'{"tag": "x", "match": {"dialect": {"delimiter": "###", "encoding": "utf-9", "header": 1, "compression": "gzipp"}}, "steps": []}',
		),
		[
			'2:49 routes[0].match.dialect.delimiter makes no sense: expected one or two ASCII characters',
			'2:68 routes[0].match.dialect.encoding is of no encoding: “utf-9”. Did you mean utf-8?',
			'2:87 routes[0].match.dialect.header takes true or false, but got 1.',
			'2:105 routes[0].match.dialect.compression takes none, gzip,',
		],
	],
	[
		'bytes that are none',
		routes(
			'{"tag": "x", "match": {"firstBytes": "hex:123"}, "steps": []}',
			'{"tag": "y", "match": {"firstBytes": "base64:*"}, "steps": []}',
		),
		[
			'2:38 routes[0].match.firstBytes takes whole bytes behind hex:, but got “hex:123”.',
			'3:38 routes[1].match.firstBytes takes whole bytes behind base64:',
		],
	],
	[
		'a regular expression that cannot be used',
		routes('{"tag": "x", "match": {"matches": "a(b"}, "steps": []}'),
		['2:35 routes[0].match.matches cannot be used: at character 2, expected a ) for this group.'],
	],
])('%s is told with its place', async (_, text, expected) => {
	const faults = await faultsOf(text);
	expect(faults.map((fault, index) => fault.slice(0, expected[index]?.length))).toEqual(expected);
});

test('a processor of a module that has the name of another one is told', async () => {
	const faults = await faultsOf(`{"processors": ["./alert.ts", "./x/alert.ts"], ${routes(ok).slice(1)}`);
	expect(faults).toEqual([
		expect.stringMatching(/^1:31 “\.\/x\/alert\.ts” exports a processor called “alert”, as “.*\/alert\.ts” does\.$/),
	]);
});

describe('the files of the system that this one replaces', () => {
	test('log_processor_config.json', async () => {
		const text =
			'{"watch_dir": "watch_dir", "processors": ["simple", "stateful"], "dashboard": {"host": "0.0.0.0", "port": 8000}, "recovery": {"enabled": true, "check_interval": 60}}';
		const {pipeline, classic} = await load(text);
		expect(pipeline.routes).toEqual([
			{
				tag: 'pipeline',
				match: 'any',
				steps: [
					{processor: 'simple', with: {}, tags: {}},
					{processor: 'stateful', with: {}, tags: {}},
				],
			},
		]);
		expect(classic).toEqual({
			watchDir: 'watch_dir',
			dashboard: {host: '0.0.0.0', port: 8000},
			recovery: {enabled: true, checkInterval: 60},
		});
	});

	test('pipeline_config.json', async () => {
		const text =
			'{"pipeline": {"steps": [{"name": "parse", "processor": "simple"}, {"name": "analyze", "processor": "stateful"}]}}';
		const {pipeline, classic} = await load(text);
		expect(pipeline.routes.flatMap(({steps}) => steps.map(({processor}) => processor))).toEqual(['simple', 'stateful']);
		expect(classic).toBe(null);
	});

	test.each([
		[
			'{"watch_dir": 1, "processors": "simple"}',
			['1:15 watch_dir takes a folder, but got 1.', '1:32 processors takes a list'],
		],
		[
			'{"watch_dir": "x", "processors": [], "dashboard": {"port": 70000}}',
			['1:34 processors is empty', '1:60 dashboard.port takes a whole number from 0 to 65535'],
		],
		[
			'{"watch_dir": "x", "processors": ["simpl"], "recovery": {"enabled": 1, "check_interval": 0}}',
			[
				'1:35 There is no processor “simpl”. Did you mean simple?',
				'1:69 recovery.enabled takes true or false',
				'1:90 recovery.check_interval takes a number of seconds',
			],
		],
		[
			'{"pipeline": {"steps": [{"name": "x"}, {"procesor": "simple"}]}}',
			[
				'1:25 pipeline.steps[0] has no processor',
				'1:40 pipeline.steps[1] has no processor',
				'1:41 pipeline.steps[1] takes name and processor, but got “procesor”. Did you mean processor?',
			],
		],
		['{"pipeline": {}}', ['1:14 pipeline has no steps.']],
	])('%s is told with its place', async (text, expected) => {
		const faults = await faultsOf(text);
		expect(faults.map((fault, index) => fault.slice(0, expected[index]?.length))).toEqual(expected);
	});
});

test('a file that is not there, too large, no text or a folder is told', async () => {
	const folder = createTemporaryFolder();
	const tell = async (path: string): Promise<string> =>
		loadPipeline(path, catalogOf()).then(
			() => 'nothing',
			(error: Error) => error.message,
		);
	expect(await tell(folder.at('nowhere.json'))).toContain('nowhere.json: is not there');
	expect(await tell(folder.folder('folder.json'))).toContain('folder.json: is no regular file.');
	expect(await tell(folder.write('large.json', ' '.repeat(1024 * 1024 + 1)))).toContain(
		'large.json: is larger than 1048576 bytes.',
	);
	expect(await tell(folder.write('bytes.json', Buffer.from([0x7b, 0xff])))).toContain(
		'bytes.json: is no text in UTF-8.',
	);
	expect(await tell(folder.fifo('fifo.json'))).toContain('fifo.json: is no regular file.');
});

test('whatever stands in a file, it has routes or faults with places within it', () => {
	const piece = fc.constantFrom(
		...Array.from('{}[]:,"\\ \n01'),
		'null',
		'true',
		'"any"',
		'"tag"',
		'"match"',
		'"steps"',
		'{}',
		'[]',
		'""',
		'"hex:"',
		'"(("',
	);
	const change = fc.record({
		at: fc.nat(example.length),
		length: fc.nat(12),
		text: fc.oneof(piece, fc.constant(''), fc.string({unit: 'binary', maxLength: 3})),
	});
	fc.assert(
		fc.property(fc.array(change, {minLength: 1, maxLength: 3}), changes => {
			let text = example;
			for (const {at, length, text: added} of changes) text = text.slice(0, at) + added + text.slice(at + length);
			const {faults, routes: found} = parsePipeline(text);
			const lines = text.split(/\r\n|\r|\n/);
			for (const {place, sentence} of faults) {
				expect(sentence).not.toBe('');
				expect(place?.line).toBeLessThanOrEqual(lines.length);
				expect(place?.column).toBeLessThanOrEqual((lines[(place?.line ?? 0) - 1]?.length ?? 0) + 1);
			}
			expect(faults.length > 0 || found.length > 0).toBe(true);
		}),
		{numRuns: randomCases(2000)},
	);
});

test('a file that is changed anywhere is loaded or refused, never a bug', async () => {
	const folder = createTemporaryFolder();
	const change = fc.record({at: fc.nat(example.length), length: fc.nat(4), text: fc.string({maxLength: 2})});
	await fc.assert(
		fc.asyncProperty(change, async ({at, length, text}) => {
			const path = folder.write('routes.json', example.slice(0, at) + text + example.slice(at + length));
			const loaded = await loadPipeline(path, catalogOf(modules)).catch((error: unknown) => error);
			if (loaded instanceof Error) expect(loaded).toBeInstanceOf(PipelineError);
			else expect(loaded).toHaveProperty('pipeline.digest');
		}),
		{numRuns: randomCases(300)},
	);
});

describe('ways of files', () => {
	/** Routes `0`, `1` … with steps, each with the routes that it leads to. */
	const graph = fc.array(
		fc.record({
			isMatched: fc.boolean(),
			steps: fc.array(fc.array(fc.nat(6), {maxLength: 2}), {maxLength: 3}),
		}),
		{minLength: 1, maxLength: 6},
	);
	const textOf = (
		of: readonly {readonly isMatched: boolean; readonly steps: readonly (readonly number[])[]}[],
	): string =>
		JSON.stringify({
			routes: of.map(({isMatched, steps}, index) => ({
				tag: String(index),
				...(isMatched && {match: {name: '*.csv'}}),
				steps: steps.map(exits => ({
					processor: 'analyze',
					tags: Object.fromEntries(exits.map((to, exit) => [`said ${exit}`, String(to)])),
				})),
			})),
		});

	test('are refused exactly where walking them finds no end, no route, or too many steps', () => {
		fc.assert(
			fc.property(graph, routesOfGraph => {
				/** Follows every way; as many routes as there are and one more are only on a way that comes back. */
				const walk = (at: number, depth: number): {isEndless: boolean; isMissing: boolean} => {
					const route = routesOfGraph[at];
					if (route === undefined) return {isEndless: false, isMissing: true};
					if (depth > routesOfGraph.length) return {isEndless: true, isMissing: false};
					const further = route.steps.flat().map(to => walk(to, depth + 1));
					return {
						isEndless: further.some(each => each.isEndless),
						isMissing: further.some(each => each.isMissing),
					};
				};
				const walked = routesOfGraph.map((_, index) => walk(index, 1));
				const isUnreached = routesOfGraph.some(
					({isMatched}, index) => !isMatched && !routesOfGraph.some(({steps}) => steps.flat().includes(index)),
				);
				const sentences = parsePipeline(textOf(routesOfGraph)).faults.map(({sentence}) => sentence);
				const has = (part: string): boolean => sentences.some(sentence => sentence.includes(part));
				expect(has('never ends')).toBe(walked.some(({isEndless}) => isEndless));
				expect(has('no route has this tag')).toBe(walked.some(({isMissing}) => isMissing));
				expect(has('is never taken')).toBe(isUnreached);
			}),
			{numRuns: randomCases(1000)},
		);
	});

	test('may be as long as 32 steps, over several routes', () => {
		const chain = (length: number): string =>
			textOf(
				Array.from({length}, (_, index) => ({
					isMatched: index === 0,
					steps: index + 1 < length ? [[index + 1]] : [[]],
				})),
			);
		expect(parsePipeline(chain(32)).faults).toEqual([]);
		expect(parsePipeline(chain(33)).faults.map(({sentence}) => sentence)).toEqual([
			'routes[0] has a way of 33 steps; a file may take 32 at most.',
		]);
	});
});
