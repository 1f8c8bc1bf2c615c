// The README tells the truth about flags, keys and codes: it is held against the tables the program is made of.
import {existsSync, readFileSync} from 'node:fs';
import {expect, test} from 'vitest';
import {RECIPE_NAMES} from '../source/cli/arguments/flags/recipe-names.ts';
import {TOPIC_NAMES, TOPICS} from '../source/cli/arguments/flags/topic-names.ts';
import {COMMANDS, FLAGS, type FlagDefinition, getTypedName, wordOf} from '../source/cli/arguments/flags.ts';
import {endingSignals, exitCodeOf, exitCodes} from '../source/cli/commands/exit-codes.ts';
import {helpText} from '../source/cli/commands/help.ts';
import {RECIPES} from '../source/cli/commands/recipes.ts';
import {topicText} from '../source/cli/commands/topics/topic-text.ts';
import {processBatch} from '../source/index.ts';
import {toJson} from '../source/report/json.ts';

const readme = readFileSync('README.md', 'utf8');
const section = (title: string): string => readme.split(`## ${title}\n`)[1]?.split('\n## ')[0] ?? '';

/** Of other programs. */
const OF_OTHERS = ['--fdpass', '--no-summary', '--data-urlencode', '--silent'];
const isOfOthers = (flag: string): boolean => OF_OTHERS.includes(flag);
const flags = new Set(
	(FLAGS as readonly FlagDefinition[]).flatMap(flag => [`--${flag.name}`, getTypedName(flag), `--no-${flag.name}`]),
);
const commands = new Set(COMMANDS.map(wordOf));
const TEXTS = [['the README', readme], ...TOPIC_NAMES.map(name => [`help ${name}`, topicText(name)] as const)] as const;

test.each(TEXTS)('flags and commands that %s names are there', (_, text) => {
	const named = Array.from(text.matchAll(/(?<![\w-])--[a-z][a-z-]*[a-z]/g), ([flag]) => flag);
	expect(named.filter(flag => !flags.has(flag) && !isOfOthers(flag))).toEqual([]);
	const words = Array.from(text.matchAll(/fileproc-tui ([a-z]+(?:-[a-z]+)*)(?= |$)/gm), ([, word = '']) => word);
	expect(words.filter(word => !commands.has(word))).toEqual([]);
});

test('the README is for the first hour, and help has the rest', () => {
	expect(readme.split('\n').length).toBeLessThanOrEqual(350);
	for (const name of TOPIC_NAMES) {
		const line = `    ${`fileproc-tui help ${name}`.padEnd(28)} ${TOPICS[name]}`;
		expect(section('Six ways to use it').split('\n')).toContain(line);
		expect(helpText(null)).toMatch(new RegExp(`To look something up[^.]*\\b${name}\\b`));
	}
});

test('the README shows what the command really prints', async () => {
	const shown = readme.split('--json | head -22\n')[1]?.split('\n```')[0] ?? '';
	const printed = toJson(await processBatch(['./fixtures/transactions']))
		.split('\n')
		.slice(0, 22)
		.join('\n');
	const withoutTime = (text: string): string => text.replace(/"processing_time": [\d.]+/, '');
	expect(withoutTime(shown)).toBe(withoutTime(printed));
});

test('the README points to every recipe', () => {
	const lines = RECIPE_NAMES.map(name => `    ${`fileproc-tui help ${name}`.padEnd(28)} ${RECIPES[name].title}`);
	expect(section('Six ways to use it')).toContain(lines.join('\n'));
});

test('the README and the help know every exit code', () => {
	const codes = [...Object.values(exitCodes), ...endingSignals.map(exitCodeOf)];
	for (const code of codes) expect(section('Exit codes')).toMatch(new RegExp(`\\b${code}\\b`));
	for (const code of codes) expect(helpText('all')).toMatch(new RegExp(`\\b${code}\\b`));
});

test('what the documents point to is there', () => {
	const links = Array.from(readme.matchAll(/\]\((?!https?:)([^)]+)\)/g), ([, target]) => target ?? '');
	expect(links.length).toBeGreaterThan(1);
	for (const target of links) expect(existsSync(target)).toBe(true);
	const paths = Array.from(
		readFileSync('source/ARCHITECTURE.md', 'utf8').matchAll(
			/`((?:cli|csv|engine|store|ui|text|report|analysis|test)\/[\w./-]+)`/g,
		),
		([, path]) => path ?? '',
	);
	expect(paths.length).toBeGreaterThan(15);
	for (const path of paths) expect(existsSync(path) || existsSync(`source/${path}`), path).toBe(true);
});

test('the Makefile has the targets that the system before had, each explained by help', () => {
	const makefile = readFileSync('Makefile', 'utf8');
	const targets = Array.from(makefile.matchAll(/^([a-z-]+):.*## \S/gm), ([, name]) => name);
	expect(targets).toEqual(
		expect.arrayContaining(['help', 'run', 'run-file', 'clean', 'build-docker', 'run-docker', 'build-package']),
	);
	const ours = makefile.split('\n').filter(line => line.includes('$(FILEPROC)') || line.includes('"$(IMAGE)" '));
	const named = ours.flatMap(line => line.replace(/.*(?:\$\(FILEPROC\)|"\$\(IMAGE\)")/, '').match(/--[a-z-]+/g) ?? []);
	expect(named.length).toBeGreaterThan(3);
	expect(named.filter(name => !flags.has(name))).toEqual([]);
});
