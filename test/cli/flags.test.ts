import {describe, expect, test} from 'vitest';
import {
	COMMANDS,
	FLAGS,
	type FlagDefinition,
	type FlagValue,
	findFlag,
	getTypedName,
	wordOf,
} from '../../source/cli/arguments/flags.ts';
import {themeNameOf} from '../../source/cli/arguments/look.ts';
import {createDefaultSettings} from '../../source/cli/arguments/settings.ts';
import {THEME_NAMES} from '../../source/ui/look/theme.ts';

const flags = FLAGS as readonly FlagDefinition[];

describe('the table of flags', () => {
	test('no two flags share a name, a letter or a variable', () => {
		for (const words of [
			flags.map(({name}) => name),
			flags.flatMap(({shortFlag}) => (shortFlag === undefined ? [] : [shortFlag])),
			flags.flatMap(({env}) => (env === undefined ? [] : [env])),
		]) {
			expect(words).toEqual([...new Set(words)]);
		}
	});

	test('a variable is named after its flag, and every flag of a run or of a server has one, but for those that are of one run alone', () => {
		for (const {name, env, commands, group} of flags) {
			const isOfRun = (commands?.includes('run') ?? false) && group !== 'Follow';
			const isOfServer = group === 'Server' && (commands?.includes('serve') ?? false);
			expect(env, name).toBe(isOfRun || isOfServer ? `FILEPROC_${name.toUpperCase().replaceAll('-', '_')}` : undefined);
		}
	});

	test('the negation of a flag is not the name of another flag', () => {
		for (const {name} of flags) expect(findFlag(`no-${name}`)).toBeUndefined();
	});

	test('a default is within its own limits and choices', () => {
		for (const flag of flags) {
			if (flag.default === null || flag.type === 'boolean') continue;
			if (flag.type === 'string') {
				if (flag.choices !== undefined) expect(flag.choices).toContain(flag.default);
			} else {
				expect(flag.default).toBeGreaterThanOrEqual(flag.minimum);
				expect(flag.default).toBeLessThanOrEqual(flag.maximum);
			}
		}
	});

	test('a file that comes with the data sets how it is read and how it looks: no path, no exit code, no load', () => {
		const settable = flags.filter(({config}) => config === 'anywhere');
		expect(new Set(settable.map(({group}) => group))).toEqual(new Set(['Work', 'Bad data and failures', 'Look']));
		const names = settable.map(({name}) => name);
		const dangerous = [
			'report',
			'record',
			'ledger',
			'save',
			'log-file',
			'log-format',
			'files-from',
			'follow',
			'threads',
			'simulate-io',
			'max-record-bytes',
			'max-field-bytes',
			'max-columns',
			'max-unpacked-bytes',
			'max-unpack-ratio',
			'max-rejects-kept',
			'fail-on',
			'filter',
			'screen-reader',
		];
		expect(names.filter(name => dangerous.includes(name))).toEqual([]);
	});

	test('every theme can be chosen', () => {
		const flag = findFlag('theme');
		const choices = flag?.type === 'string' ? (flag.choices ?? []) : [];
		expect(choices.map(choice => themeNameOf(choice as FlagValue<'theme'>)).sort()).toEqual([...THEME_NAMES].sort());
	});

	test('a flag that is on by default is typed as its negation', () => {
		expect(flags.map(getTypedName).filter(name => name.startsWith('--no-'))).toEqual([
			'--no-alt-screen',
			'--no-mouse',
			'--no-title',
			'--no-config',
		]);
	});

	test('the commands are those of the contract', () => {
		expect(COMMANDS.map(wordOf).sort()).toEqual([
			'attach',
			'audit',
			'backup',
			'cancel',
			'clean',
			'completions',
			'config',
			'convert',
			'doctor',
			'events',
			'files',
			'generate',
			'get',
			'help',
			'history',
			'init',
			'login',
			'logout',
			'man',
			'pause',
			'push',
			'replay',
			'restore',
			'resume',
			'retry',
			'retry-failed',
			'routes',
			'run',
			'serve',
			'sniff',
			'ssh',
			'status',
			'token',
			'users',
			'verify',
			'watch',
			'worker',
		]);
	});
});

test('the defaults of a run are those of the contract', () => {
	expect(createDefaultSettings()).toEqual({
		concurrency: 3,
		encoding: null,
		hash: null,
		delimiter: null,
		queue: null,
		queueSecret: null,
		queueSecretFile: null,
		quote: null,
		escape: null,
		header: null,
		skipLines: null,
		skipFooter: null,
		comment: null,
		nullText: null,
		namedDialects: [],
		aliases: {},
		userPattern: null,
		user: null,
		threads: null,
		analysis: null,
		analysisModules: [],
		where: null,
		keyColumn: null,
		map: null,
		decimal: null,
		thousands: null,
		dateFormat: null,
		groupBy: null,
		sum: [],
		mean: [],
		min: [],
		max: [],
		distinct: [],
		orderBy: null,
		limit: null,
		filesFrom: null,
		follow: false,
		retries: 2,
		timeoutMs: 60_000,
		strict: false,
		fill: false,
		maxErrors: null,
		maxRecordBytes: 16 * 2 ** 20,
		maxFieldBytes: 2 ** 20,
		maxColumns: 16_384,
		maxUnpackedBytes: 20 * 2 ** 30,
		maxUnpackRatio: 200,
		maxRejectsKept: 20,
		output: 'auto',
		progress: 'auto',
		reports: [],
		exportFolder: null,
		rejects: null,
		maxRejects: 100_000,
		failOn: 'any',
		simulateIoMs: 0,
		color: 'auto',
		ascii: undefined,
		theme: 'default',
		background: 'auto',
		fps: null,
		altScreen: true,
		mouse: true,
		title: true,
		notify: 'auto',
		screenReader: undefined,
		filter: null,
		keys: null,
		logFile: null,
		logFormat: 'json',
		logMaxSize: null,
		logMaxAge: null,
		logKeep: 14,
		logLevel: 'info',
		record: null,
		ledger: null,
		save: false,
		resume: false,
		verifyContent: false,
		force: false,
		config: true,
	});
});
