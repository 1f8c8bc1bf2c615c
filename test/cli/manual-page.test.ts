import {spawnSync} from 'node:child_process';
import {readFileSync} from 'node:fs';
import {expect, test} from 'vitest';
import {COMMANDS, FLAGS, type FlagDefinition, getTypedName, wordOf} from '../../source/cli/arguments/flags.ts';
import {exitCodes} from '../../source/cli/commands/exit-codes.ts';
import {manualPage} from '../../source/cli/commands/manual-page.ts';

const flags = FLAGS as readonly FlagDefinition[];
const page = manualPage('1.2.3');
const lines = page.split('\n');
const has = (program: string): boolean => spawnSync(program, ['--version']).status === 0;

test('is a page of its name and version with the usual sections in their order', () => {
	expect(lines[0]).toBe('.TH FILEPROC\\-TUI 1 "" "fileproc\\-tui 1.2.3" "User Commands"');
	expect(lines.filter(line => line.startsWith('.SH')).map(line => line.slice(4))).toEqual([
		'NAME',
		'SYNOPSIS',
		'DESCRIPTION',
		'COMMANDS',
		'OPTIONS',
		'KEYS',
		'ENVIRONMENT',
		'FILES',
		'EXIT STATUS',
		'EXAMPLES',
		'RECIPES',
		'TOPICS',
	]);
	// What `apropos` reads.
	expect(lines[lines.indexOf('.SH NAME') + 1]).toMatch(/^fileproc\\-tui \\- \S/);
});

test('is ASCII, and each of its lines is text or a request that man(7) has', () => {
	for (const line of lines) {
		expect(line).toMatch(/^[ -~]*$/);
		if (/^[.']/.test(line)) expect(line).toMatch(/^\.(?:TH|SH|SS|TP|TQ|PP|br)(?: |$)/);
		// Backslashes begin a font, an escaped character, or an invisible one.
		for (const [, command] of line.matchAll(/\\(.)/g)) expect('fe-&').toContain(command);
	}
});

test('is installed with the package', () => {
	const {man, files} = JSON.parse(readFileSync('package.json', 'utf8'));
	// npm links none that is not in a list.
	expect(man).toEqual(['./dist/fileproc-tui.1']);
	expect(files).toContain('dist');
});

test('has every flag, variable, command and exit code', () => {
	const text = page.replaceAll('\\-', '-');
	for (const flag of flags) {
		expect(text, flag.name).toContain(`\\fB${getTypedName(flag)}\\fR`);
		if (flag.env !== undefined) expect(text).toContain(`\\fB${flag.env}\\fR`);
	}
	for (const name of COMMANDS.map(wordOf)) expect(text).toContain(`\\fBfileproc-tui\\fR \\fB${name}\\fR`);
	for (const code of Object.values(exitCodes)) expect(text).toContain(`\\fB${code}\\fR`);
});

test.runIf(has('groff'))('groff sets it without a warning', () => {
	const {status, stderr} = spawnSync('groff', ['-man', '-Tascii', '-ww', '-z'], {input: page, encoding: 'utf8'});
	expect({status, stderr}).toEqual({status: 0, stderr: ''});
});

test.runIf(has('groff'))('the output shows what was meant: dashes can be searched for, dots are not lost', () => {
	const {stdout} = spawnSync('groff', ['-man', '-Tascii', '-P-c', '-P-b', '-P-u'], {input: page, encoding: 'utf8'});
	const shown = stdout.replace(/\s+/g, ' ');
	expect(shown).toContain('-j, --concurrency n Files in flight');
	expect(shown).toContain('fileproc-tui config [path...]');
	expect(shown).toContain('.csv .tsv .txt .log');
});

test.runIf(has('mandoc'))('mandoc finds no error in it', () => {
	const {stdout} = spawnSync('mandoc', ['-T', 'lint', '-W', 'error'], {input: page, encoding: 'utf8'});
	expect(stdout).toBe('');
});
