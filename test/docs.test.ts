// The README tells the truth about flags, keys and codes: it is held against the tables the program is made of.
import {existsSync, readFileSync} from 'node:fs';
import {expect, test} from 'vitest';
import {RECIPE_NAMES} from '../source/cli/arguments/flags/recipe-names.ts';
import {COMMANDS, FLAGS, type FlagDefinition, getTypedName, wordOf} from '../source/cli/arguments/flags.ts';
import {endingSignals, exitCodeOf, exitCodes} from '../source/cli/commands/exit-codes.ts';
import {helpText} from '../source/cli/commands/help.ts';
import {RECIPES} from '../source/cli/commands/recipes.ts';
import {processBatch} from '../source/index.ts';
import {toJson} from '../source/report/json.ts';
import {ACTION_LIST, type Action} from '../source/server/actions.ts';
import {ROLES} from '../source/server/roles.ts';
import {KEYMAP} from '../source/ui/commands/keymap.ts';

const readme = readFileSync('README.md', 'utf8');
const section = (title: string): string => readme.split(`## ${title}\n`)[1]?.split('\n## ')[0] ?? '';

test('the README names every flag of a run, and no other', () => {
	const flags = (FLAGS as readonly FlagDefinition[]).filter(
		({commands}) => commands === undefined || commands.includes('run'),
	);
	const table = section('Flags').split('\n\n')[0] ?? '';
	const named = new Set(Array.from(table.matchAll(/--([a-z][a-z-]+)/g), ([, name]) => name));
	const expected = flags.map(flag => getTypedName(flag).slice(2));
	expect([...named].sort()).toEqual([...expected].sort());
	for (const name of COMMANDS.map(wordOf)) expect(section('Flags')).toContain(`fileproc-tui ${name}`);
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

test('the README lists every key, as the table of keys has them', () => {
	const rows = KEYMAP.map(({label, help}) => {
		const keys = label[0].split(' ').map(key => `\`${key}\``);
		return `| ${keys.join(' ')} | ${help} |`;
	});
	const table = ['| key | what it does |', '| --- | --- |', ...rows].join('\n');
	expect(section('Keys')).toContain(table);
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

test('the README says what each role may, as the table of actions has it', () => {
	const rows = ROLES.map(role => {
		const titles = ACTION_LIST.filter(action => action.role === role && hasDoor(action)).map(({title}) => title);
		return `| ${role} | ${titles.join('; ')} |`;
	});
	const table = ['| role | what it may do besides |', '| --- | --- |', ...rows].join('\n');
	expect(section('For a team')).toContain(table);
});

/** One that works. */
const hasDoor = ({routes, key, page, command, ssh}: Action): boolean =>
	routes.length > 0 || [key, page, command, ssh].some(door => typeof door === 'string');

test('the Makefile has the targets that the system before had, each explained by help', () => {
	const makefile = readFileSync('Makefile', 'utf8');
	const targets = Array.from(makefile.matchAll(/^([a-z-]+):.*## \S/gm), ([, name]) => name);
	expect(targets).toEqual(
		expect.arrayContaining(['help', 'run', 'run-file', 'clean', 'build-docker', 'run-docker', 'build-package']),
	);
	const flags = new Set((FLAGS as readonly FlagDefinition[]).map(flag => `--${flag.name}`));
	const ours = makefile.split('\n').filter(line => line.includes('$(FILEPROC)') || line.includes('"$(IMAGE)" '));
	const named = ours.flatMap(line => line.replace(/.*(?:\$\(FILEPROC\)|"\$\(IMAGE\)")/, '').match(/--[a-z-]+/g) ?? []);
	expect(named.length).toBeGreaterThan(3);
	expect(named.filter(name => !flags.has(name))).toEqual([]);
});
