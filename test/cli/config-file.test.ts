// Configuration files: their places, what they may set, and the messages about wrong ones.

import {Ajv} from 'ajv';
import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {toCamelCase} from '../../source/cli/arguments/flags.ts';
import {parseArguments} from '../../source/cli/arguments/options.ts';
import {checkConfig} from '../../source/cli/config-file/check-config.ts';
import {ConfigError} from '../../source/cli/config-file/config-error.ts';
import {CONFIG_FLAGS} from '../../source/cli/config-file/config-names.ts';
import {findConfigPlaces} from '../../source/cli/config-file/config-places.ts';
import {configSchema} from '../../source/cli/config-file/config-schema.ts';
import {readConfigs} from '../../source/cli/config-file/read-configs.ts';
import {analyzeSettings} from '../../source/pipeline/analyze.ts';
import type {JsonObject} from '../../source/pipeline/pipeline.ts';
import {builtIns} from '../../source/pipeline/processors/built-ins.ts';
import {readSettings} from '../../source/pipeline/processors/settings-reader.ts';
import {parsePipeline} from '../../source/pipeline/routes/parse-pipeline.ts';
import {randomCases} from '../helpers/random-cases.ts';
import {createTemporaryFolder, workIn} from '../helpers/temporary-folder.ts';

/** Settings of steps that need any. */
const USABLE: Readonly<Record<string, JsonObject>> = {
	filter: {where: 'amount > 1'},
	select: {columns: ['x']},
	validate: {columns: {}},
	command: {run: ['cat']},
	webhook: {url: 'https://host/path'},
	move: {to: 'x'},
};

/** What depends on more than the form of a setting of a step. */
const BEYOND_SCHEMA =
	/condition|at character|there is no analysis|an address|printable ASCII|sent by itself|expected a secret|expected "type"|name of a program|or a date|no such file/;

const complaintsAbout = (config: unknown, isOwn = true): string[] => {
	const text = typeof config === 'string' ? config : JSON.stringify(config);
	return checkConfig(text, isOwn).issues.map(
		({place, sentence}) => `${place?.line ?? '-'}:${place?.column ?? '-'} ${sentence}`,
	);
};

describe('what a file may set', () => {
	test('every setting, under the name of its flag, with the values of its flag', () => {
		const config = {
			$schema: './schema.json',
			concurrency: 8,
			maxErrors: 3,
			timeout: 1.5,
			altScreen: false,
			theme: 'mono',
			report: ['a.json', 'b.md'],
			keys: {quit: 'Ctrl+Q', help: ['?', 'f1']},
		};
		const {values, ofFile, issues} = checkConfig(JSON.stringify(config), true);
		expect(issues).toEqual([]);
		expect(values).toEqual({
			concurrency: 8,
			'max-errors': 3,
			timeout: 1.5,
			'alt-screen': false,
			theme: 'mono',
			report: ['a.json', 'b.md'],
		});
		expect(ofFile.keys).toEqual({quit: ['ctrl+q'], help: ['?', 'f1']});
	});

	test('sizes and shares, as numbers or as written for a flag', () => {
		const config = {maxRecordBytes: '32MiB', maxFieldBytes: 1000, maxErrors: '0.5%', maxUnpackedBytes: '1.5 GB'};
		const {values, issues} = checkConfig(JSON.stringify(config), true);
		expect(issues).toEqual([]);
		expect(values).toEqual({
			'max-record-bytes': 32 * 2 ** 20,
			'max-field-bytes': 1000,
			'max-errors': '0.5%',
			'max-unpacked-bytes': 1.5e9,
		});
		const isValid = new Ajv().compile(JSON.parse(configSchema()));
		expect(isValid(config)).toBe(true);
		expect(isValid({maxErrors: '0.5'})).toBe(false);
		expect(isValid({maxRecordBytes: '5%'})).toBe(false);
	});

	test('several analyses in one pass, but no modules, in a file and in its schema', () => {
		const isValid = new Ajv().compile(JSON.parse(configSchema()));
		for (const analysis of ['transactions,sales', 'sales, transactions', 'sales']) {
			expect(checkConfig(JSON.stringify({analysis}), false)).toMatchObject({issues: [], values: {analysis}});
			expect(isValid({analysis})).toBe(true);
		}
		for (const [analysis, complaint] of [
			['sales,detect', /^1:13 analysis makes no sense: detect chooses one analysis/],
			['sales,transaction', /but got the text “sales,transaction”\. Did you mean transactions\?$/],
			['sales,./own.ts', /^1:13 analysis takes a name\. Modules are named by --analysis/],
		] as const) {
			expect(complaintsAbout({analysis})).toEqual([expect.stringMatching(complaint)]);
			expect(isValid({analysis})).toBe(false);
		}
	});

	test('nothing that writes, runs or decides for scripts, where it may have come with the data', () => {
		const config = {report: 'x.json', logFile: 'x', record: 'x', failOn: 'never', threads: 64, keys: {quit: 'Q'}};
		const complaints = complaintsAbout(config, false);
		expect(complaints).toHaveLength(6);
		for (const complaint of complaints) expect(complaint).toContain('may only be set in your own file');
		expect(complaintsAbout({theme: 'mono', strict: true, concurrency: 2}, false)).toEqual([]);
		expect(complaintsAbout({maxRecordBytes: '64MiB', maxRejectsKept: 1000}, false)).toHaveLength(2);
		expect(complaintsAbout({maxErrors: '5%'}, false)).toEqual([]);
	});
});

describe('watch', () => {
	const watch = {
		settle: 5,
		poll: 0.5,
		recoveryInterval: 30,
		statusFile: 'status.json',
		recursive: true,
		grace: 10,
		doneMarker: true,
		routes: [{tag: 'all', match: 'any', steps: [{processor: 'analyze'}]}],
		processors: ['./uppercase.ts'],
	};

	test('settings of watched folders, as their flags, and routes beside them', () => {
		expect(checkConfig(JSON.stringify({watch}), true)).toMatchObject({
			issues: [],
			hasRoutes: true,
			values: {
				...{settle: 5, poll: 0.5, grace: 10, recursive: true},
				...{'recovery-interval': 30, 'status-file': 'status.json', 'done-marker': true},
			},
		});
		const isValid = new Ajv().compile(JSON.parse(configSchema()));
		expect(isValid({watch})).toBe(true);
		expect(isValid({watch: {settel: 5}})).toBe(false);
	});

	test('a file beside the data cannot set them', () => {
		expect(complaintsAbout({watch}, false)).toEqual([
			expect.stringContaining('watch may only be set in your own file'),
		]);
	});

	test.each([
		['{"watch": []}', '1:11 watch takes an object like {"settle": 5, "routes": […]}, but got a list.'],
		['{"watch": {"settle": -1}}', '1:22 watch.settle takes a number of seconds from 0 to 86400, but got -1.'],
		['{"watch": {"route": []}}', '1:12 watch takes routes, processors, input, settle,'],
		['{"watch": {"recoveryinterval": 1}}', '1:12 watch takes routes, processors, input, settle,'],
		['{"settle": 3}', '1:2 “settle” stands under watch: {"watch": {"settle": …}}.'],
		['{"watch": {"poll": 1, "poll": 2}}', '1:23 watch.poll is set twice.'],
	])('%s', (text, complaint) => {
		expect(complaintsAbout(text)).toEqual([expect.stringContaining(complaint)]);
	});

	test('flags win over the file, and its routes are those of the watched folder', () => {
		const folder = createTemporaryFolder();
		workIn(folder);
		const path = folder.write('own/fileproc-tui/config.json', JSON.stringify({watch}));
		const places = findConfigPlaces([], {cwd: folder.path, home: null, env: {XDG_CONFIG_HOME: folder.at('own')}});
		const parse = (...words: string[]) =>
			parseArguments(['watch', 'inbox', ...words], {
				env: {},
				packageJson: {name: 'fileproc-tui', version: '1.0.0'},
				readConfigs: () => readConfigs(places),
			});
		expect(parse('--poll', '3')).toMatchObject({
			options: {settleMs: 5000, pollMs: 3000, isRecursive: true, routes: path, statusFile: 'status.json'},
		});
		expect(parse('--routes', 'other.json')).toMatchObject({options: {routes: 'other.json'}});
	});

	test.each([
		{name: 'analyze', settings: analyzeSettings},
		...builtIns,
	])('settings of the step $name that can be used are valid for editors, and others are not', ({name, settings}) => {
		const isValid = new Ajv().compile(JSON.parse(configSchema()));
		const values = [
			...[
				'',
				'x',
				'profile',
				'amount > 1',
				'5%',
				'csv',
				'https://host/path',
				'file',
				true,
				0,
				3,
				1.5,
				null,
				[],
				['cat', 'x'],
			],
			...[{}, {x: 'y'}, {env: 'PATH'}, {env: 'PATH', file: 'x'}, {x: {type: 'number', min: 1}}, {x: {kind: 1}}],
		];
		const {properties = {}} = settings.schema as {properties?: object};
		const value = fc.constantFrom<unknown>(...values);
		const key = fc.constantFrom(...Object.keys(properties), 'other');
		const changes = fc.dictionary(key, value, {maxKeys: 2});
		let usedCount = 0;
		fc.assert(
			fc.property(changes, changed => {
				const given = {...USABLE[name], ...changed};
				const config = {watch: {routes: [{tag: 'a', match: 'any', steps: [{processor: name, with: given}]}]}};
				const {faults} = readSettings(settings, given as JsonObject);
				if (faults.length === 0) usedCount++;
				const isRight = faults.every(({sentence}) => BEYOND_SCHEMA.test(sentence));
				expect(isValid(config), JSON.stringify(faults)).toBe(isRight);
			}),
			{numRuns: randomCases(200)},
		);
		expect(usedCount).toBeGreaterThan(0);
		const without = {watch: {routes: [{tag: 'a', match: 'any', steps: [{processor: name}]}]}};
		expect(isValid(without)).toBe(readSettings(settings, {}).faults.length === 0);
	});

	test('routes that are right are valid for editors', () => {
		const isValid = new Ajv().compile(JSON.parse(configSchema()));
		const match = fc.record(
			{
				name: fc.constantFrom<unknown>('*.csv', ['*.csv', 'a?'], 'a/b', [], 5),
				size: fc.constantFrom<unknown>({min: 1}, {max: '10MiB'}, {}, {min: 'x'}, 5),
				folder: fc.constantFrom<unknown>('', ['a/**', ''], '/a'),
				columns: fc.constantFrom<unknown>('amount', ['amount', 'date'], [' ']),
				dialect: fc.constantFrom<unknown>(
					{delimiter: ';', header: true},
					{compression: null},
					{encoding: 'latin1'},
					{header: 1},
					{compression: 'zap'},
				),
				firstBytes: fc.constantFrom<unknown>('hex:00', 'x', ''),
				contains: fc.constantFrom<unknown>('x', '', 1),
				matches: fc.constantFrom<unknown>('x', ''),
				other: fc.constant(1),
			},
			{requiredKeys: []},
		);
		const route = fc.record(
			{
				tag: fc.constantFrom<unknown>('a', '', 1),
				match: fc.oneof({weight: 4, arbitrary: match}, fc.constantFrom<unknown>('any', 'all', null)),
				steps: fc.constantFrom<unknown>(
					[],
					[{processor: 'x'}],
					[{processor: './x.ts', with: {a: 1}, tags: {}}],
					{},
					[{}],
					[{processor: 'x', with: []}],
				),
			},
			{requiredKeys: ['tag', 'steps']},
		);
		let rightCount = 0;
		fc.assert(
			fc.property(route, each => {
				const config = {watch: {routes: [each]}};
				const {faults} = parsePipeline(JSON.stringify(config));
				// What only the ways of files show is beyond a schema.
				const isRight = faults.every(({sentence}) => sentence.includes('is never taken'));
				expect(isValid(config)).toBe(isRight);
				if (isRight) rightCount++;
			}),
			{numRuns: randomCases(2000)},
		);
		expect(rightCount).toBeGreaterThan(0);
	});
});

describe('an issue is reported with its place, what was expected, what was found and what was meant', () => {
	test.each<[unknown, string[]]>([
		['{\n  "concurrency": "8"\n}', ['2:18 concurrency takes a whole number from 1 to 1024, but got the text “8”.']],
		['{"retries": 1.5}', ['1:13 retries takes a whole number from 0 to 100, but got 1.5.']],
		[
			'{"maxErrors": "5"}',
			['1:15 maxErrors takes a whole number from 1 to 1000000000, or a share like 0.5%, but got the text “5”.'],
		],
		[
			'{"maxRecordBytes": "1TB"}',
			['1:20 maxRecordBytes takes a size in bytes like 500000 or 16MiB, from 1 to 64MiB, but got the text “1TB”.'],
		],
		['{"timeout": 0}', ['1:13 timeout takes a number of seconds from 0.1 to 86400, but got 0.']],
		['{"timeout": 1e999}', ['1:13 timeout takes a number of seconds from 0.1 to 86400, but got Infinity.']],
		['{"strict": "yes"}', ['1:12 strict takes true or false, but got the text “yes”.']],
		['{"strict": null}', ['1:12 strict takes true or false, but got null.']],
		['{"color": "alway"}', ['1:11 color takes auto, always or never, but got the text “alway”. Did you mean always?']],
		['{"color": []}', ['1:11 color takes auto, always or never, but got a list.']],
		[
			'{"report": ["a.json", "b"]}',
			['1:23 report[1] takes a file that ends in .json, .csv, .md or .html, but got “b”.'],
		],
		['{"report": ["a.json", 1]}', ['1:23 report[1] takes a file, but got 1.']],
		['{"logFile": ""}', ['1:13 logFile takes a file, but got an empty text.']],
		['{"keys": "q"}', ['1:10 keys takes an object like {"quit": ["q", "Q"]}, but got the text “q”.']],
		['{"keys": {"quit": ["q", 1]}}', ['1:25 keys.quit[1] takes a key, but got 1.']],
		['{"keys": {"quit": "q", "quit": "Q"}}', ['1:24 keys.quit is set twice.']],
		['{"concurency": 8}', ['1:2 There is no setting “concurency”. Did you mean concurrency?']],
		['{"max-errors": 8}', ['1:2 There is no setting “max-errors”. Did you mean maxErrors?']],
		['{"no-alt-screen": true}', ['1:2 There is no setting “no-alt-screen”. Did you mean altScreen?']],
		['{"MAXERRORS": 8}', ['1:2 There is no setting “MAXERRORS”. Did you mean maxErrors?']],
		['{"frobnicate": 8}', ['1:2 There is no setting “frobnicate”.']],
		['{"__proto__": {"a": 1}}', ['1:2 There is no setting “__proto__”.']],
		['{"dialect": ";"}', ['1:13 dialect takes an object like {"*.txt": {"delimiter": "|"}}, but got the text “;”.']],
		[
			'{"dialect": {"in/*": {}}}',
			['1:14 dialect[“in/*”] is no pattern of names of files, like *.txt: it has no folder.'],
		],
		[
			'{"dialect": {"*.txt": {"quote": "x"}}}',
			['1:33 dialect[“*.txt”].quote makes no sense: expected double, single or none.'],
		],
		[
			'{"dialect": {"*.txt": {"dateFormat": "d.m.y"}}}',
			[
				'1:38 dialect[“*.txt”].dateFormat takes y-m-d, d/m/y, m/d/y, d-mon-y, excel, epoch-seconds or epoch-milliseconds, but got the text “d.m.y”.',
			],
		],
		[
			'{"dialect": {"*.txt": {"colour": "x"}}}',
			[
				'1:24 dialect[“*.txt”] takes delimiter, quote, escape, header, skipLines, skipFooter, comment, null, decimal, thousands and dateFormat, but got “colour”.',
			],
		],
		[
			'{"aliases": "x"}',
			['1:13 aliases takes an object like {"amount": ["Zahlbetrag", "Endpreis"]}, but got the text “x”.'],
		],
		[
			'{"aliases": {"amount": ["Zahlbetrag", 1], "date": " "}}',
			[
				'1:39 aliases.amount[1] takes a heading, but got 1.',
				'1:51 aliases.date takes a heading, but got the text “ ”.',
			],
		],
		['{"keys": {"qiut": "q"}}', ['1:11 There is no action “qiut” for keys. Did you mean quit?']],
		[
			'{"keys": {"help": "f1", "quit": "hyper+q"}}',
			[expect.stringMatching(/^1:33 keys\.quit: “hyper\+q” is no key for quit;/)],
		],
		['{"keys": {"help": "q"}}', [expect.stringMatching(/^1:19 keys\.help: The key q would mean both help and quit/)]],
		['{"keys": {"help": "f5", "quit": "f5"}}', [expect.stringMatching(/^1:10 keys: The key f5 would mean both/)]],
		['{"filter": "status:faild"}', [expect.stringMatching(/^1:12 filter makes no sense: There is no status “faild”/)]],
		['{"filesFrom": "x"}', ['1:2 “filesFrom” cannot be set in a file, only by the flag --files-from.']],
		['{"theme": "mono", "theme": "default"}', ['1:19 theme is set twice.']],
		['{"json": true, "plain": true}', ['1:16 json and plain exclude each other: set one of them.']],
		['{"json": true, "plain": false}', []],
		['[]', ['1:1 expected an object of settings, like {"theme": "mono"}, but found a list.']],
		['{"a": 1,}', [expect.stringMatching(/^1:9 is no JSON: expected a name in double quotes, but found “}”/)]],
		['{"a": 1, "retries": -1}', [expect.stringMatching(/^1:2 /), expect.stringMatching(/^1:21 /)]],
		['\ufeff{}', [expect.stringMatching(/^1:1 is no JSON/)]],
	])('%j', (config, expected) => {
		expect(complaintsAbout(config)).toEqual(expected);
	});

	test('and nothing in it acts on a terminal', () => {
		const hostile = '\u001b[2J\u009d52;c;eA==\u009c';
		const configs = [
			{[hostile]: 1},
			{theme: hostile},
			{theme: hostile.repeat(100)},
			{report: [`${hostile}.txt`]},
			{keys: {[hostile]: 1}},
			hostile,
		];
		for (const config of configs) {
			const complaints = complaintsAbout(config).join('\n');
			expect(complaints).toMatch(/\\x1b/);
			expect(complaints.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
			expect(complaints.length).toBeLessThan(700);
		}
	});
});

test('the schema accepts and refuses what the program accepts and refuses', () => {
	const validate = new Ajv({allErrors: true}).compile(JSON.parse(configSchema()));
	// A schema cannot say what a condition, a map of columns, a pattern of users, a list of columns in quotes or a filter is.
	const flags = CONFIG_FLAGS.map(({name}) => toCamelCase(name)).filter(
		name => !['where', 'map', 'userPattern', 'sum', 'mean', 'min', 'max', 'distinct', 'filter'].includes(name),
	);
	const names = [...flags, 'keys', 'aliases', '$schema', 'colour', 'files'];
	const texts = [
		'auto',
		'none',
		'always',
		'mono',
		'default',
		'detect',
		'dark',
		'a.json',
		'a.CSV',
		'a.txt',
		'',
		';',
		'\\',
		'"',
		'tab',
		'||',
		'doubled',
		'UTF-8',
		'cp1251',
	];
	const single = fc.oneof(fc.constantFrom(...texts), fc.integer({min: -1, max: 2000}), fc.boolean(), fc.constant(0.5));
	const value = fc.oneof(
		single,
		fc.array(single, {maxLength: 2}),
		fc.constant(null),
		// A schema cannot know the names of keys, and whether two of them collide.
		fc.record(
			{quit: fc.constantFrom('f1', ['f2', 'f3'], [], 1), help: fc.constantFrom('f4', [1]), jump: fc.constant('f5')},
			{requiredKeys: []},
		),
	);
	fc.assert(
		fc.property(fc.dictionary(fc.constantFrom(...names), value, {maxKeys: 3}), config => {
			// Where the schema is does not matter.
			if ('$schema' in config) config.$schema = './schema.json';
			// A schema cannot say either whether the quotes around a column are closed.
			if (JSON.stringify(config.groupBy ?? '').includes('\\"')) delete config.groupBy;
			expect(complaintsAbout(config).length === 0, JSON.stringify(config)).toBe(validate(config));
		}),
		{numRuns: randomCases(3000)},
	);
});

describe('where files are looked for', () => {
	const places = (paths: readonly string[], cwd: string, env: Record<string, string> = {}) =>
		findConfigPlaces(paths, {cwd, home: '/home/me', env}).map(({path}) => path);

	test('not in the user’s own folder, where the user has no home: a file in the current folder is not the user’s own', () => {
		const found = findConfigPlaces(['-'], {cwd: '/data', home: null, env: {XDG_CONFIG_HOME: 'relative'}});
		expect(found.some(({isOwn}) => isOwn)).toBe(false);
		expect(found).toHaveLength(1);
	});

	test('the user’s own, the one of the current folder, and the one beside the data, which has the highest priority', () => {
		const folder = createTemporaryFolder();
		workIn(folder);
		folder.write('data/a.csv');
		folder.write('more/b.csv');
		const own = '/home/me/.config/fileproc-tui/config.json';
		const cases: readonly (readonly [paths: string[], beside: string])[] = [
			[['data'], 'data'],
			[['data/'], 'data/'],
			[['data/a.csv', 'more'], 'data'],
			[['-', 'more'], 'more'],
			[['data/*.csv'], 'data'],
			[['da*/*.csv', 'more'], ''],
			[['data/**/{a,b}/x[1].csv'], 'data'],
			[['data/missing.csv'], 'data'],
			[[folder.at('data')], folder.at('data')],
			[['/*.csv'], '/'],
		];
		for (const [paths, beside] of cases) {
			const near = beside === '' ? [] : [`${beside.replace(/\/$/, '')}/fileproc.config.json`];
			expect(places(paths, folder.path), paths.join(' ')).toEqual([own, 'fileproc.config.json', ...near]);
		}
	});

	test('the current folder once, where the data is in it; none beside standard input', () => {
		const folder = createTemporaryFolder();
		workIn(folder);
		folder.write('a.csv');
		folder.link(folder.path, 'here');
		for (const paths of [['.'], ['a.csv'], ['*.csv'], ['-'], [], ['here'], [folder.path]]) {
			expect(places(paths, folder.path)).toHaveLength(2);
		}
	});

	test('the user’s own where XDG_CONFIG_HOME says, if that is an absolute path', () => {
		expect(places([], '/', {XDG_CONFIG_HOME: '/x'})[0]).toBe('/x/fileproc-tui/config.json');
		expect(places([], '/', {XDG_CONFIG_HOME: 'x'})[0]).toBe('/home/me/.config/fileproc-tui/config.json');
		expect(places([], '/', {XDG_CONFIG_HOME: ''})[0]).toBe('/home/me/.config/fileproc-tui/config.json');
	});
});

describe('reading', () => {
	const read = (path: string, isOwn = true) => readConfigs([{path, isOwn}])[0];
	const complaint = (path: string): string => {
		try {
			read(path);
		} catch (error) {
			if (error instanceof ConfigError) return error.message;
			throw error;
		}
		throw new Error('It was taken');
	};

	test('a file that does not exist is not an error, and neither is one in a folder that is a file', () => {
		const folder = createTemporaryFolder();
		expect(read(folder.at('none'))?.layer).toBe(null);
		expect(read(`${folder.write('file')}/x`)?.layer).toBe(null);
	});

	test('a file may begin with a byte order mark', () => {
		expect(read(createTemporaryFolder().write('c.json', '\ufeff{"theme": "mono"}'))?.layer?.values).toEqual({
			theme: 'mono',
		});
	});

	test.each<[string, string | Uint8Array, RegExp]>([
		['too large', ' '.repeat(300_000), /: is larger than 262144 bytes\. /],
		['no text', Uint8Array.of(0x7b, 0xff, 0x7d), /: is no text in UTF-8\. /],
		['empty', '', /:1:1: is no JSON: expected a value, but the file ends\. /],
		['wrong', '{"x": 1}', /c\.json:1:2: There is no setting “x”\. --no-config goes without\.$/],
	])('one that is %s is reported with its path', (_what, content, sentence) => {
		expect(complaint(createTemporaryFolder().write('c.json', content))).toMatch(sentence);
	});

	test('a file that is not a regular one is not waited for', () => {
		const folder = createTemporaryFolder();
		expect(complaint(folder.fifo('c.json'))).toContain('is no regular file');
		expect(complaint(folder.folder('d.json'))).toMatch(/is no regular file|EISDIR/);
		expect(complaint(folder.link('nowhere', 'e.json'))).toContain('is not there');
		expect(complaint('/dev/zero')).toContain('is no regular file');
	});

	test('of a file with many mistakes the first ten are reported', () => {
		const text = `{${Array.from({length: 30}, (_, index) => `"x${index}": 1`).join(', ')}}`;
		const lines = complaint(createTemporaryFolder().write('c.json', text)).split('\n');
		expect(lines).toHaveLength(11);
		expect(lines[10]).toMatch(/^… and 20 more\./);
	});
});

describe('which value applies', () => {
	const packageJson = {name: 'fileproc-tui', version: '1.0.0'};
	const configs = [
		{path: 'own', isOwn: true, layer: layer('own', {theme: 'mono', fps: 5, retries: 5, concurrency: 5})},
		{path: 'here', isOwn: false, layer: layer('here', {fps: 6, retries: 6, concurrency: 6})},
		{path: 'beside', isOwn: false, layer: layer('beside', {retries: 7, concurrency: 7})},
	];
	function layer(path: string, values: object) {
		return {kind: 'config' as const, values, keys: null, labelOf: () => path};
	}
	const resolve = (words: readonly string[], env: Record<string, string> = {}) => {
		const command = parseArguments(['config', ...words], {
			env,
			packageJson,
			readConfigs: () => configs,
		});
		if (command.name !== 'config') throw new Error(`Expected config, got ${command.name}`);
		return command;
	};

	test('flags, then variables, then the nearest file that has it, and the source of each is recorded', () => {
		const {settings, sources} = resolve(['-j', '9'], {FILEPROC_RETRIES: '8'});
		expect(settings).toMatchObject({concurrency: 9, retries: 8, fps: 6, theme: 'mono'});
		expect(sources.theme).toEqual({kind: 'config', name: 'own'});
		expect(sources.fps).toEqual({kind: 'config', name: 'here'});
		expect(resolve([]).sources.retries).toEqual({kind: 'config', name: 'beside'});
	});

	test('no file with --no-config or its variable', () => {
		for (const {settings, files} of [resolve(['--no-config']), resolve([], {FILEPROC_CONFIG: '0'})]) {
			expect(settings).toMatchObject({concurrency: 3, theme: 'default', config: false});
			expect(files).toEqual([]);
		}
	});
});
