import {delimiter} from 'node:path';
import {afterEach, describe, expect, test, vi} from 'vitest';
import {analysisNames} from '../../source/analysis/registry.ts';
import {type Command, parseArguments} from '../../source/cli/arguments/options.ts';
import {createDefaultSettings, pickLook, type RunSettings} from '../../source/cli/arguments/settings.ts';
import {UsageError} from '../../source/cli/arguments/usage-error.ts';
import {encodingLabels} from '../../source/input/encodings/encoding-labels.ts';
import {joinWords} from '../../source/text/join-words.ts';

const packageJson = {name: 'fileproc-tui', version: '1.2.3'};

const parse = (words: readonly string[], env: Record<string, string> = {}): Command =>
	parseArguments(words, {env, packageJson});

function settingsOf(words: readonly string[], env: Record<string, string> = {}): RunSettings {
	const command = parse(['./data', ...words], env);
	if (command.name !== 'run') throw new Error(`Expected a run, got ${command.name}`);
	return command.settings;
}

function complaintAbout(words: readonly string[], env: Record<string, string> = {}): string {
	try {
		parse(words, env);
	} catch (error) {
		if (error instanceof UsageError) return error.message.replace(' See fileproc-tui --help.', '');
		throw error;
	}
	throw new Error(`Expected a usage error from ${words.join(' ')}`);
}

afterEach(() => {
	vi.restoreAllMocks();
});

describe('a run', () => {
	test('has the paths as given and the defaults for the rest', () => {
		expect(parse(['./data', 'exports/**/*.csv.gz', '-'])).toEqual({
			name: 'run',
			paths: ['./data', 'exports/**/*.csv.gz', '-'],
			settings: createDefaultSettings(),
			configFiles: [],
		});
	});

	test('leaves the number of threads to the cores and the files in flight unless it is set', () => {
		expect(settingsOf([])).toMatchObject({threads: null});
		expect(settingsOf(['-j', '8'])).toMatchObject({concurrency: 8, threads: null});
	});

	test.each<[string[], Partial<RunSettings>]>([
		[['-j', '8'], {concurrency: 8}],
		[['-j8'], {concurrency: 8}],
		[['-j=8'], {concurrency: 8}],
		[['--concurrency', '8'], {concurrency: 8}],
		[['--concurrency=1024'], {concurrency: 1024}],
		[['--threads', '2'], {threads: 2}],
		[['--analysis', 'transactions'], {analysis: 'transactions'}],
		[['--analysis', 'detect'], {analysis: null}],
		[['--analysis', 'transactions,sales'], {analysis: {allOf: ['transactions', 'sales']}}],
		[['--analysis', 'sales, ./refunds.ts'], {analysis: {allOf: ['sales', './refunds.ts']}}],
		[['--analysis', 'sales,sales'], {analysis: 'sales'}],
		// The path of a module may have a comma.
		[['--analysis', './of may, june/refunds.ts'], {analysis: './of may, june/refunds.ts'}],
		[['--files-from', 'list.txt'], {filesFrom: 'list.txt'}],
		[['--files-from', '-'], {filesFrom: '-'}],
		[['--retries', '0'], {retries: 0}],
		[['--timeout', '1.5'], {timeoutMs: 1500}],
		[['--strict'], {strict: true, maxErrors: 1}],
		[['--max-errors', '10'], {strict: false, maxErrors: 10}],
		[['--max-errors', '5%'], {strict: false, maxErrors: '5%'}],
		[['--max-errors=.5%'], {strict: false, maxErrors: '.5%'}],
		[['--max-record-bytes', '64MiB'], {maxRecordBytes: 64 * 2 ** 20}],
		[['--max-record-bytes', '1'], {maxRecordBytes: 1}],
		[['--max-field-bytes', '1.5k'], {maxFieldBytes: 1500}],
		[['--max-columns', '65536'], {maxColumns: 65_536}],
		[['--max-unpacked-bytes', '1GB'], {maxUnpackedBytes: 1e9}],
		[['--max-unpack-ratio', '1000'], {maxUnpackRatio: 1000}],
		[['--max-rejects-kept', '0'], {maxRejectsKept: 0}],
		[['--json'], {output: 'json'}],
		[['--jsonl'], {output: 'jsonl'}],
		[['--plain'], {output: 'plain'}],
		[['--no-plain', '--json'], {output: 'json'}],
		[['--json', '--no-plain'], {output: 'json'}],
		[['--report', 'a.json'], {reports: [{path: 'a.json', format: 'json'}]}],
		[
			['--report', 'a.md', '--report=b/c.CSV'],
			{
				reports: [
					{path: 'a.md', format: 'md'},
					{path: 'b/c.CSV', format: 'csv'},
				],
			},
		],
		[['--report', '"quoted".json'], {reports: [{path: '"quoted".json', format: 'json'}]}],
		[['--log-file', '"all of it"'], {logFile: '"all of it"'}],
		[['--log-file=-x'], {logFile: '-x'}],
		[['--log-file=a=b'], {logFile: 'a=b'}],
		[['--fail-on', 'never'], {failOn: 'never'}],
		[['--simulate-io', '25'], {simulateIoMs: 25}],
		[['--color', 'always'], {color: 'always'}],
		[['--no-color'], {color: 'never'}],
		[['--ascii'], {ascii: true}],
		[['--no-ascii'], {ascii: false}],
		[['--theme', 'mono'], {theme: 'mono'}],
		[['--fps', '4'], {fps: 4}],
		[['--no-alt-screen'], {altScreen: false}],
		[['--background', 'light'], {background: 'light'}],
		[['--no-mouse'], {mouse: false}],
		[['--no-title'], {title: false}],
		[['--notify', 'osc9'], {notify: 'osc9'}],
		[['--screen-reader'], {screenReader: true}],
		[['--no-screen-reader'], {screenReader: false}],
		[['--filter', 'status:failed !test'], {filter: 'status:failed !test'}],
		[['--record', 'run.jsonl'], {record: 'run.jsonl'}],
		[['--ledger', 'l.db'], {ledger: 'l.db'}],
		[['--save'], {save: true}],
		[['--no-config'], {config: false}],
		[['--alt-screen'], {altScreen: true}],
		[['--debug'], {logLevel: 'debug'}],
		[['--trace'], {logLevel: 'trace'}],
		[['--trace', '--debug'], {logLevel: 'trace'}],
		[['-j', '8', '-j', '2'], {concurrency: 2}],
	])('%j sets %j and nothing else', (words, change) => {
		expect(settingsOf(words)).toEqual({...createDefaultSettings(), ...change});
	});

	test('a path may look like anything behind --', () => {
		expect(parse(['-j', '2', '--', '--json', 'generate', '-', '--'])).toMatchObject({
			name: 'run',
			paths: ['--json', 'generate', '-', '--'],
			settings: {concurrency: 2, output: 'auto'},
		});
		expect(parse(['--', 'config'])).toMatchObject({name: 'run', paths: ['config']});
	});

	test('a path that is a number stays as it is typed', () => {
		expect(parse(['007', '1e3'])).toMatchObject({paths: ['007', '1e3']});
	});

	test('a list of paths makes paths unnecessary', () => {
		expect(parse(['--files-from', 'list.txt'])).toMatchObject({name: 'run', paths: []});
	});

	test('the name of a command is only one as the first word', () => {
		expect(parse(['./config'])).toMatchObject({name: 'run', paths: ['./config']});
		expect(parse(['data', 'config'])).toMatchObject({name: 'run', paths: ['data', 'config']});
	});
});

describe('where settings come from', () => {
	const sourcesOf = (words: readonly string[], env: Record<string, string> = {}) => {
		const command = parse(['config', ...words], env);
		if (command.name !== 'config') throw new Error(`Expected config, got ${command.name}`);
		return command;
	};

	test('a flag overrides a variable, a variable overrides the default, and the source of each is recorded', () => {
		const {settings, sources} = sourcesOf(['-j', '7'], {FILEPROC_CONCURRENCY: '5', FILEPROC_RETRIES: '9'});
		expect([settings.concurrency, settings.retries, settings.failOn]).toEqual([7, 9, 'any']);
		expect(sources.concurrency).toEqual({kind: 'flag', name: '--concurrency'});
		expect(sources.retries).toEqual({kind: 'environment', name: 'FILEPROC_RETRIES'});
		expect(sources.failOn).toEqual({kind: 'default', name: 'default'});
	});

	test('a flag that was switched off is recorded as it was typed', () => {
		expect(sourcesOf(['--no-alt-screen']).sources.altScreen).toEqual({kind: 'flag', name: '--no-alt-screen'});
	});

	test('variables switch on and off', () => {
		expect(settingsOf([], {FILEPROC_STRICT: 'yes', FILEPROC_ALT_SCREEN: '0', FILEPROC_ASCII: 'TRUE'})).toMatchObject({
			strict: true,
			altScreen: false,
			ascii: true,
		});
	});

	test('an empty variable counts as not set', () => {
		expect(settingsOf([], {FILEPROC_CONCURRENCY: '', FILEPROC_JSON: ''})).toEqual(createDefaultSettings());
	});

	test('one variable holds several reports, separated as in PATH', () => {
		expect(settingsOf([], {FILEPROC_REPORT: ['a.md', 'b.csv'].join(delimiter)}).reports).toEqual([
			{path: 'a.md', format: 'md'},
			{path: 'b.csv', format: 'csv'},
		]);
	});

	test('flags that exclude each other in one layer may be given in different layers', () => {
		expect(settingsOf(['--plain'], {FILEPROC_JSON: '1'}).output).toBe('plain');
		expect(settingsOf(['--no-json'], {FILEPROC_JSON: '1'}).output).toBe('auto');
		expect(settingsOf(['--max-errors', '5'], {FILEPROC_STRICT: '1'})).toMatchObject({strict: false, maxErrors: 5});
		expect(settingsOf(['--strict'], {FILEPROC_MAX_ERRORS: '5'})).toMatchObject({strict: true, maxErrors: 1});
		expect(settingsOf(['--no-strict'], {FILEPROC_STRICT: '1'})).toMatchObject({strict: false, maxErrors: null});
	});

	test('keys may be in a variable, which wins over configuration files', () => {
		const env = {FILEPROC_KEYS: '{"cancel": ["X", "delete"], "mouse": []}'};
		expect(settingsOf([], env).keys).toEqual({cancel: ['X', 'delete'], mouse: []});
		expect(sourcesOf([], env)).toMatchObject({
			sources: {keys: {kind: 'environment', name: 'FILEPROC_KEYS'}},
			unknownVariables: [],
		});
		expect(settingsOf([], {FILEPROC_KEYS: ''}).keys).toBeNull();
		expect(() => settingsOf([], {FILEPROC_KEYS: '{"cancel": "q"}'})).toThrow(
			/^FILEPROC_KEYS: The key q would mean both/,
		);
		expect(() => settingsOf([], {FILEPROC_KEYS: 'cancel=X'})).toThrow('FILEPROC_KEYS: Keys are a table');
	});

	test('a misspelled variable is found', () => {
		expect(sourcesOf([], {FILEPROC_CONCURENCY: '5', FILEPROC_THEME: 'mono', HOME: '/'}).unknownVariables).toEqual([
			'FILEPROC_CONCURENCY',
		]);
	});

	test('a command that uses no setting ignores a wrong variable', () => {
		const env = {FILEPROC_CONCURRENCY: 'many'};
		expect(parse(['generate', 'x'], env).name).toBe('generate');
		expect(parse(['completions', 'zsh'], env).name).toBe('completions');
		expect(parse(['--help'], env).name).toBe('help');
	});
});

describe('the other commands', () => {
	test('generate has the defaults of the contract', () => {
		expect(parse(['generate', './sample'])).toEqual({
			name: 'generate',
			directory: './sample',
			options: {fileCount: 5, rowsPerFile: 1000, seed: 1, kind: 'transactions', malformedFraction: 0, isForced: false},
		});
	});

	test('generate takes its flags', () => {
		const words = 'generate out --files 2 --rows 500000000 --seed 42 --kind sales --malformed 0.05 --force'.split(' ');
		expect(parse(words)).toEqual({
			name: 'generate',
			directory: 'out',
			options: {
				fileCount: 2,
				rowsPerFile: 500_000_000,
				seed: 42,
				kind: 'sales',
				malformedFraction: 0.05,
				isForced: true,
			},
		});
	});

	test('replay takes a file, a speed and the look', () => {
		expect(parse(['replay', 'run.jsonl', '--theme', 'mono', '--no-color'])).toEqual({
			name: 'replay',
			file: 'run.jsonl',
			speed: 1,
			look: {...pickLook(createDefaultSettings()), color: 'never', theme: 'mono'},
		});
		expect(parse(['--speed', '10', 'replay', 'run.jsonl'])).toMatchObject({name: 'replay', speed: 10});
	});

	test.each(['bash', 'zsh', 'fish'])('completions for %s', shell => {
		expect(parse(['completions', shell])).toEqual({name: 'completions', shell});
	});

	test.each([
		[['--help'], null],
		[['-h'], null],
		[['./data', '--json', '-h'], 'run'],
		[['generate', '--help'], 'generate'],
		[['serve', '--open', '-h'], 'serve'],
		[['--wrong', '--help'], null],
		[['-help'], null],
		[['help'], null],
		[['help', 'generate'], 'generate'],
		[['help', './data'], 'run'],
		[['help', 'all'], 'all'],
	])('%j asks for help of %j', (words, topic) => {
		expect(parse(words)).toEqual({name: 'help', topic});
	});

	test('version is asked for by -v and --version; help goes first', () => {
		expect(parse(['-v'])).toEqual({name: 'version'});
		expect(parse(['--version'])).toEqual({name: 'version'});
		expect(parse(['-vh'])).toEqual({name: 'help', topic: null});
	});

	test.each(['-json', '-version', '-concurrency=8', '-jsonl'])('%s: a long flag has two dashes', word => {
		expect(() => parse(['./data', word])).toThrow(`Did you mean -${word.split('=')[0]}?`);
	});

	test('behind -- no word asks for help', () => {
		expect(parse(['--', '--help'])).toMatchObject({name: 'run', paths: ['--help']});
	});
});

describe('one sentence says what is wrong', () => {
	test.each<[string[], string]>([
		[
			[],
			'To begin, name a folder, files or a glob: fileproc-tui ./data. To try it on sample files: fileproc-tui generate ./sample && fileproc-tui ./sample.',
		],
		[['--json'], 'Say which files to read, for example: fileproc-tui ./data.'],
		[['x', '--key', 'id'], '--key is for the analysis quality, which is not made here. Add --analysis quality.'],
		[['--'], 'Say which files to read, for example: fileproc-tui ./data.'],
		[['x', '-j', 'abc'], '--concurrency takes a whole number from 1 to 1024, but got “abc”.'],
		[['x', '-j0'], '--concurrency takes a whole number from 1 to 1024, but got “0”.'],
		[['x', '-j', '1025'], '--concurrency takes a whole number from 1 to 1024, but got “1025”.'],
		[['x', '-j', '1.5'], '--concurrency takes a whole number from 1 to 1024, but got “1.5”.'],
		[['x', '-j', '0x10'], '--concurrency takes a whole number from 1 to 1024, but got “0x10”.'],
		[['x', '--retries', '-1'], '--retries takes a whole number from 0 to 100, but got “-1”.'],
		[['x', '--concurrency='], '--concurrency takes a whole number from 1 to 1024, but got nothing.'],
		[['x', '--concurrency'], '--concurrency takes a whole number from 1 to 1024, but nothing follows it.'],
		[['x', '-j'], '-j takes a whole number from 1 to 1024, but nothing follows it.'],
		[['x', '--log-file', '--json'], '--log-file takes a file, but “--json” follows it.'],
		[['x', '--timeout', '0'], '--timeout takes a number of seconds from 0.1 to 86400, but got “0”.'],
		[['x', '--timeout', 'NaN'], '--timeout takes a number of seconds from 0.1 to 86400, but got “NaN”.'],
		[['x', '--color', 'sometimes'], '--color takes auto, always or never, but got “sometimes”.'],
		[
			['x', '--filter', 'status:faild'],
			'--filter makes no sense: There is no status “faild”, only queued, running, paused, retrying, done, completed, rejected, header-only, empty, failed, cancelled, skipped.',
		],
		[
			['x', '--encoding', 'windows-1215'],
			`--encoding makes no sense: no encoding is called “windows-1215”; did you mean windows-1251? Known are ${joinWords(encodingLabels, 'and')}.`,
		],
		[
			['x', '--delimiter', '<->'],
			'--delimiter makes no sense: expected one or two ASCII characters but quotes, backslashes and line ends; or tab, space.',
		],
		[['x', '--quote', 'x'], '--quote makes no sense: expected double, single or none.'],
		[['x', '--escape', '^'], '--escape makes no sense: expected doubled or backslash.'],
		[
			['x', '--comment', ' '],
			'--comment makes no sense: expected one to four ASCII characters that can be seen, like #.',
		],
		[
			['x', '--max-errors', '0%'],
			'--max-errors takes a whole number from 1 to 1000000000, or a share like 0.5%, but got “0%”.',
		],
		[
			['x', '--max-errors', '100.1%'],
			'--max-errors takes a whole number from 1 to 1000000000, or a share like 0.5%, but got “100.1%”.',
		],
		[
			['x', '--max-record-bytes', '65MiB'],
			'--max-record-bytes takes a size in bytes like 500000 or 16MiB, from 1 to 64MiB, but got “65MiB”.',
		],
		[
			['x', '--max-field-bytes', '0'],
			'--max-field-bytes takes a size in bytes like 500000 or 16MiB, from 1 to 8MiB, but got “0”.',
		],
		[
			['x', '--max-unpacked-bytes', '20 apples'],
			'--max-unpacked-bytes takes a size in bytes like 500000 or 16MiB, from 1 to 1PiB, but got “20 apples”.',
		],
		[['x', '--max-columns', '65537'], '--max-columns takes a whole number from 1 to 65536, but got “65537”.'],
		[['x', '--filter', ''], '--filter takes a text, but got nothing.'],
		[
			['x', '--analysis', 'transaction'],
			`--analysis takes detect, ${analysisNames.join(', ')} or a module like ./refunds.ts, or several with commas between, but got “transaction”.`,
		],
		[
			['x', '--analysis', 'sales,transaction'],
			`--analysis takes detect, ${analysisNames.join(', ')} or a module like ./refunds.ts, or several with commas between, but got “transaction”.`,
		],
		[
			['x', '--analysis', 'sales,detect'],
			'--analysis makes no sense: detect chooses one analysis for each file, so it cannot be in a list.',
		],
		[['x', '--report', 'out.txt'], '--report takes a file that ends in .json, .csv, .md or .html, but got “out.txt”.'],
		[['x', '--report', ''], '--report takes a file, but got nothing.'],
		[['x', '--json=yes'], '--json takes no value, but got “yes”.'],
		[['x', '--concurency', '3'], 'There is no flag “--concurency”. Did you mean --concurrency?'],
		[['x', '--no-altscreen'], 'There is no flag “--no-altscreen”. Did you mean --no-alt-screen?'],
		[['x', '--no-concurrency'], 'There is no flag “--no-concurrency”. Did you mean --concurrency?'],
		[['x', '--filesFrom', 'y'], 'There is no flag “--filesFrom”. Did you mean --files-from?'],
		[['x', '--frobnicate'], 'There is no flag “--frobnicate”.'],
		[['x', '--__proto__'], 'There is no flag “--__proto__”.'],
		[['x', '-z'], 'There is no flag “-z”.'],
		[['x', '--\u001b[2J'], 'There is no flag “--\\x1b[2J”.'],
		[['x', '--json', '--jsonl'], '--json and --jsonl exclude each other: give one of them.'],
		[['x', '--plain', '--json'], '--json and --plain exclude each other: give one of them.'],
		[['x', '--strict', '--max-errors', '3'], '--strict and --max-errors exclude each other: give one of them.'],
		[['x', '--rows', '3'], '--rows belongs to “generate”, not to a run.'],
		[
			['generate', 'x', '--json'],
			'--json belongs to a run, “watch”, “sniff”, “routes”, “history”, “verify”, “doctor”, “status”, “clean”, “retry-failed”, “users”, “token”, “audit”, “push”, “run”, “cancel”, “retry”, “pause”, “resume”, “files” and “login”, not to “generate”.',
		],
		[
			['completions', 'bash', '--ascii'],
			'--ascii belongs to a run, “replay”, “attach” and “watch”, not to “completions”.',
		],
		[
			['-', '--files-from', '-'],
			'Standard input is either the data (-) or the list of paths (--files-from -), not both.',
		],
		[['data', ''], 'A path is empty text: is a variable of your shell unset? Say which files to read.'],
		[['generate'], 'generate takes the folder to write to, for example: fileproc-tui generate ./sample.'],
		[['generate', 'a', 'b'], 'generate takes the folder to write to, but got 2 words: “a” “b”.'],
		[['generate', 'a', '--malformed', '5'], '--malformed takes a number from 0 to 1, but got “5”.'],
		[['generate', 'a', '--kind', 'x'], '--kind takes transactions, sales, activity, logs, wide or dirty, but got “x”.'],
		[['replay'], 'replay takes the file of a recorded run, for example: fileproc-tui replay run.jsonl.'],
		[
			['completions'],
			'completions takes the name of a shell: bash, zsh or fish, for example: fileproc-tui completions bash.',
		],
		[['completions', 'tcsh'], 'completions takes the name of a shell: bash, zsh or fish; but got “tcsh”.'],
		[['man', 'x'], 'man takes nothing, but got “x”.'],
	])('%j', (words, sentence) => {
		expect(complaintAbout(words)).toBe(sentence);
	});

	test('a wrong variable is named by its own name', () => {
		expect(complaintAbout(['x'], {FILEPROC_THREADS: 'all'})).toBe(
			'FILEPROC_THREADS takes a whole number from 1 to 1024, but got “all”.',
		);
		expect(complaintAbout(['x'], {FILEPROC_JSON: 'maybe'})).toBe('FILEPROC_JSON takes 1 or 0, but got “maybe”.');
		expect(complaintAbout(['x'], {FILEPROC_JSON: '1', FILEPROC_PLAIN: '1'})).toBe(
			'FILEPROC_JSON and FILEPROC_PLAIN exclude each other: give one of them.',
		);
		expect(complaintAbout(['x'], {FILEPROC_REPORT: 'a.txt'})).toBe(
			'FILEPROC_REPORT takes a file that ends in .json, .csv, .md or .html, but got “a.txt”.',
		);
	});

	test('every sentence says where to read more', () => {
		expect(() => parse([])).toThrow(/ See fileproc-tui --help\.$/);
	});

	test('nothing ends the process or prints, whatever is typed', () => {
		const exit = vi.spyOn(process, 'exit').mockImplementation(() => {
			throw new Error('The process would have ended');
		});
		const log = vi.spyOn(console, 'log').mockImplementation(() => {});
		const error = vi.spyOn(console, 'error').mockImplementation(() => {});
		for (const words of [['--help'], ['--version'], ['--what'], [], ['x', '--', '--what'], ['generate', '--help']]) {
			try {
				parse(words);
			} catch (thrown) {
				expect(thrown).toBeInstanceOf(UsageError);
			}
		}
		expect([exit.mock.calls, log.mock.calls, error.mock.calls]).toEqual([[], [], []]);
	});
});

test('analyses of lines cannot share a pass, and the sentence says which can', () => {
	const sentence = complaintAbout(['x', '--analysis', 'transactions,lines']);
	expect(sentence).toMatch(
		/^--analysis makes no sense: lines reads lines of text, and only analyses that read records can share a pass: transactions, sales\b.*Run lines by itself\.$/,
	);
});
