import {expect, test} from 'vitest';
import {COMMANDS, FLAGS, type FlagDefinition, getTypedName, wordOf} from '../../source/cli/arguments/flags.ts';
import {parseArguments} from '../../source/cli/arguments/options.ts';
import {helpText} from '../../source/cli/commands/help.ts';
import {formatByteSize} from '../../source/text/byte-size.ts';

const flags = FLAGS as readonly FlagDefinition[];
const lines = helpText().split('\n');

test('examples come first', () => {
	expect(lines.slice(0, 2)).toEqual(['Examples', expect.stringMatching(/^ {2}fileproc-tui \.\/data {2,}\S/)]);
});

test('every example can be typed', () => {
	const end = lines.indexOf('');
	const commands = lines.slice(1, end).map(line => line.trim().split(/ {2,}/)[0] ?? '');
	expect(commands.length).toBeGreaterThanOrEqual(5);
	for (const command of commands) {
		const words = command
			.replace(/^.*\| /, '')
			.replace(/ > .*$/, '')
			.replaceAll("'", '')
			.split(' ');
		expect(words.shift()).toBe('fileproc-tui');
		const parsed = parseArguments(words, {env: {}, packageJson: {name: 'fileproc-tui', version: '1.0.0'}});
		expect(['run', 'generate', 'sniff', 'convert', 'watch', 'push']).toContain(parsed.name);
	}
});

test('every flag has its line, once', () => {
	for (const flag of flags) {
		const short = flag.shortFlag === undefined ? '    ' : `-${flag.shortFlag}, `;
		const starts = lines.filter(line => `${line} `.startsWith(`  ${short}${getTypedName(flag)} `));
		expect(starts, flag.name).toHaveLength(1);
	}
});

test('every choice of a flag is in the help, except for analyses, which detection names', () => {
	const text = lines.map(line => line.trim()).join(' ');
	for (const flag of flags) {
		if (flag.type !== 'string' || flag.choices === undefined || flag.name === 'analysis') continue;
		for (const choice of flag.choices) expect(text.includes(choice), `${flag.name} ${choice}`).toBe(true);
	}
});

test('every constant default is in the help', () => {
	for (const flag of flags) {
		if (flag.type === 'boolean' || flag.default === null) continue;
		const start = lines.findIndex(
			line => /^ {2}(?:-\w, | {4})--/.test(line) && line.includes(` ${getTypedName(flag)} `),
		);
		const entry = lines.slice(start, start + 4).join(' ');
		expect(entry, flag.name).toContain(`[${flag.type === 'size' ? formatByteSize(flag.default) : flag.default}]`);
	}
});

test('every command and every exit code has its line', () => {
	for (const name of COMMANDS.map(wordOf))
		expect(lines.some(line => line.startsWith(`  fileproc-tui ${name}`))).toBe(true);
	const codes = lines.slice(lines.indexOf('Exit codes') + 1).map(line => /^ {2}(\d[\d, ]*?) {2,}/.exec(line)?.[1]);
	expect(codes.filter(code => code !== undefined)).toEqual(['0', '1', '2', '3', '4', '70', '129, 130, 131, 143']);
});

test.each([80, 64, 100])('fits %i columns, in plain ASCII without spaces at line ends', columns => {
	for (const line of helpText(columns).split('\n')) {
		expect(line.length, line).toBeLessThanOrEqual(columns);
		expect(line).toMatch(/^[ -~]*(?<! )$/);
	}
});
