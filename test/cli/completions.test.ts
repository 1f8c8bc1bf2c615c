import {execFileSync, spawnSync} from 'node:child_process';
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import os from 'node:os';
import {join} from 'node:path';
import {describe, expect, test} from 'vitest';
import {COMMANDS, FLAGS, type FlagDefinition, getTypedName, wordOf} from '../../source/cli/arguments/flags.ts';
import {completionScript} from '../../source/cli/commands/completions.ts';

const flags = FLAGS as readonly FlagDefinition[];
const hasShell = (shell: string): boolean => spawnSync(shell, ['-c', 'exit 0']).status === 0;

describe.each(['bash', 'zsh', 'fish'] as const)('the script for %s', shell => {
	const script = completionScript(shell);

	test('has every flag and every command', () => {
		for (const flag of flags) {
			const name = getTypedName(flag).slice(shell === 'fish' ? 2 : 0);
			expect(script, flag.name).toMatch(new RegExp(`(?<![\\w-])${name}(?![\\w-])`));
		}
		for (const name of COMMANDS.map(wordOf)) expect(script).toContain(name);
	});

	test('has every choice of every flag that is a word', () => {
		for (const flag of flags) {
			const choices = flag.type === 'string' ? (flag.choices ?? []) : [];
			expect(script).toContain(choices.filter(choice => /^\w/.test(choice)).join(' '));
		}
	});

	test.runIf(hasShell(shell))('is understood by the shell', () => {
		// As a file, because not every shell accepts -n for standard input.
		const directory = mkdtempSync(join(os.tmpdir(), 'fileproc-completions-'));
		const file = join(directory, 'script');
		writeFileSync(file, script);
		const {status, stderr} = spawnSync(shell, ['-n', file], {encoding: 'utf8'});
		rmSync(directory, {recursive: true});
		expect({status, stderr}).toEqual({status: 0, stderr: ''});
	});
});

test.runIf(hasShell('bash')).each([
	[['fileproc-tui', '--th'], '--threads --thousands --theme'],
	[['fileproc-tui', '--thousands', '='], 'space none'],
	[['fileproc-tui', '--theme', 'm'], 'mono'],
	// Bash itself splits the word at `=`.
	[['fileproc-tui', '--theme', '=', 'h'], 'high-contrast'],
	[['fileproc-tui', '--theme', '='], 'default high-contrast color-blind mono'],
	[['fileproc-tui', './data', '--fail-on', '=', 'al'], 'all'],
	[['fileproc-tui', '-j', ''], ''],
	[['fileproc-tui', 'gen'], 'generate'],
	[['fileproc-tui', '--notify', 'o'], 'osc9 osc777'],
	[['fileproc-tui', '--no-'], '--no-alt-screen --no-mouse --no-title --no-config'],
	[['fileproc-tui', 'config', '--sch'], '--schema'],
	[['fileproc-tui', 'replay', '--backg'], '--background'],
	[['fileproc-tui', 'generate', './x', '--k'], '--kind'],
	[['fileproc-tui', 'generate', './x', '--js'], ''],
	[['fileproc-tui', 'completions', ''], 'bash zsh fish'],
	[['fileproc-tui', 'help', 'te'], 'team'],
	[['fileproc-tui', 'init', 'gr'], 'grafana'],
])('bash completes %j to %j', (words, expected) => {
	const program = `${completionScript('bash')}
		COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
		_fileproc_tui
		echo "\${COMPREPLY[@]}"`;
	expect(execFileSync('bash', ['-c', program, 'bash', ...words], {encoding: 'utf8', cwd: '/'}).trim()).toBe(expected);
});

test.runIf(hasShell('fish')).each([
	['fileproc-tui --th', ['--theme', '--thousands', '--threads']],
	['fileproc-tui --theme m', ['mono']],
	['fileproc-tui --theme=m', ['--theme=mono']],
	['fileproc-tui generate x --k', ['--kind']],
	['fileproc-tui completions z', ['zsh']],
	['fileproc-tui --notify o', ['osc9', 'osc777']],
	['fileproc-tui config --sch', ['--schema']],
	['fileproc-tui ma', ['man']],
])('fish completes %j', (line, expected) => {
	const program = `${completionScript('fish')}\ncomplete -C ${JSON.stringify(line)}`;
	const words = execFileSync('fish', ['--no-config', '-c', program], {encoding: 'utf8'})
		.trim()
		.split('\n')
		.map(word => word.split('\t')[0]);
	expect(words).toEqual(expected);
});
