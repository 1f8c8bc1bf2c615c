import {describe, expect, test} from 'vitest';
import {COMMANDS, FLAGS, type FlagDefinition, findFlag, getTypedName} from '../../source/cli/flags.ts';
import {createDefaultSettings} from '../../source/cli/settings.ts';

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

	test('a variable is named after its flag, and every flag of a run has one', () => {
		for (const {name, env, commands} of flags) {
			const isOfRun = commands?.includes('run') ?? false;
			expect(env, name).toBe(isOfRun ? `FILEPROC_${name.toUpperCase().replaceAll('-', '_')}` : undefined);
		}
	});

	test('no flag takes away the name of another by being its negation', () => {
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

	test('a flag that is on by default is typed as its negation', () => {
		expect(flags.map(getTypedName).filter(name => name.startsWith('--no-'))).toEqual(['--no-alt-screen']);
	});

	test('the commands are those of the contract', () => {
		expect(COMMANDS.map(({name}) => name).sort()).toEqual(['completions', 'config', 'generate', 'replay']);
	});
});

test('the defaults of a run are those of the contract', () => {
	expect(createDefaultSettings(6)).toEqual({
		concurrency: 3,
		threads: 6,
		analysis: null,
		filesFrom: null,
		retries: 2,
		timeoutMs: 60_000,
		strict: false,
		maxErrors: null,
		output: 'auto',
		reports: [],
		failOn: 'any',
		simulateIoMs: 0,
		color: 'auto',
		ascii: undefined,
		theme: 'default',
		fps: null,
		altScreen: true,
		logFile: null,
		logLevel: 'info',
	});
});
