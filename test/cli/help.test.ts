import {expect, test} from 'vitest';
import {RECIPE_NAMES} from '../../source/cli/arguments/flags/recipe-names.ts';
import {TOPIC_NAMES} from '../../source/cli/arguments/flags/topic-names.ts';
import {
	COMMANDS,
	FLAGS,
	type FlagDefinition,
	getTypedName,
	isFlagOf,
	wordOf,
} from '../../source/cli/arguments/flags.ts';
import {parseArguments} from '../../source/cli/arguments/options.ts';
import {helpText} from '../../source/cli/commands/help.ts';
import {EXAMPLES_OF} from '../../source/cli/commands/help-examples.ts';
import {RECIPES} from '../../source/cli/commands/recipes.ts';
import {topicText} from '../../source/cli/commands/topics/topic-text.ts';
import {formatByteSize} from '../../source/text/byte-size.ts';

const flags = FLAGS as readonly FlagDefinition[];
const lines = helpText('all').split('\n');
const TOPICS = [
	null,
	...RECIPE_NAMES,
	...TOPIC_NAMES,
	...(Object.keys(EXAMPLES_OF) as (keyof typeof EXAMPLES_OF)[]),
	'all',
] as const;

test('examples come first', () => {
	expect(lines.slice(0, 2)).toEqual(['Examples', expect.stringMatching(/^ {2}fileproc-tui \.\/data {2,}\S/)]);
});

/** @throws {Error} Where it cannot be typed. */
function nameOf(command: string): string {
	const words = (command.split(' | ').find(part => part.startsWith('fileproc-tui ')) ?? '')
		.replace(/ > .*$/, '')
		.replaceAll("'", '')
		.split(' ');
	expect(words.shift()).toBe('fileproc-tui');
	return parseArguments(words, {env: {}, packageJson: {name: 'fileproc-tui', version: '1.0.0'}}).name;
}

test.each(Object.entries(EXAMPLES_OF))('every example of %s can be typed, and is of that command', (name, examples) => {
	const commands = examples.map(([command]) => command);
	expect(commands.length).toBeGreaterThanOrEqual(1);
	for (const command of commands) expect(nameOf(command)).toBe(name);
});

test.each(
	Object.entries(RECIPES),
)('every step of the recipe %s can be typed, and it is what help prints', (name, recipe) => {
	const commands = recipe.steps.map(([command]) => command);
	for (const command of commands) if (!command.startsWith('ssh ')) expect(() => nameOf(command), command).not.toThrow();
	const help = helpText(name as keyof typeof RECIPES);
	for (const command of commands) expect(help).toContain(`  ${command}`);
	// What its notes say of flags is so, too.
	const named = recipe.notes.flatMap(note => note.match(/--[a-z-]+/g) ?? []);
	expect(named.filter(flag => !flags.some(each => getTypedName(each) === flag))).toEqual([]);
	expect(helpText(null)).toContain(`fileproc-tui help ${name} `);
});

test('there is help about commands and recipes, and about nothing else', () => {
	const topicOf = (...words: string[]) =>
		parseArguments(words, {env: {}, packageJson: {name: 'fileproc-tui', version: '1.0.0'}});
	expect(topicOf('help', 'team')).toEqual({name: 'help', topic: 'team'});
	expect(topicOf('help', 'run')).toEqual({name: 'help', topic: 'start'});
	expect(topicOf('help', 'all')).toEqual({name: 'help', topic: 'all'});
	expect(topicOf('./data', '--help')).toEqual({name: 'help', topic: 'run'});
	expect(() => topicOf('help', 'taem')).toThrow('There is no help about “taem”');
	expect(() => topicOf('help', 'taem')).toThrow('Did you mean fileproc-tui help team?');
	expect(() => topicOf('help', 'team', 'desk')).toThrow('help takes one word');
	// Nothing of a command is cut off in the list of all.
	for (const name of COMMANDS.map(wordOf))
		expect(helpText(null)).toMatch(new RegExp(`^ {2}fileproc-tui ${name}\\b.*\\n?.* \\S+ \\S+ `, 'm'));
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

/** Whether it stands in a topic as what is typed or as code. */
const isTyped = (topic: (typeof TOPICS)[number], line: string): boolean =>
	TOPIC_NAMES.filter(name => name === topic)
		.flatMap(name => topicText(name).split('\n'))
		.some(
			each => each === `\t${line.slice(2)}` || (each.startsWith('    ') && each.startsWith(`    ${line.slice(2)}`)),
		);

test.each([80, 64, 100])('fits %i columns, in plain ASCII without spaces at line ends', columns => {
	for (const topic of TOPICS) {
		for (const line of helpText(topic, columns).split('\n')) {
			// What is typed is never cut.
			if (!/^ {2}fileproc-tui /.test(line) && !isTyped(topic, line))
				expect(line.length, line).toBeLessThanOrEqual(columns);
			expect(line).toMatch(/^[ -~]*(?<! )$/);
		}
	}
});

test('help of a command has its own flags and no others; without one it says how to begin, and where to go on', () => {
	const serve = helpText('serve');
	expect(serve).toMatch(/^Examples\n {2}fileproc-tui serve /);
	expect(serve).toContain('--max-concurrent-tasks <n>');
	expect(serve).not.toContain('--group-by');
	for (const name of Object.keys(EXAMPLES_OF) as (keyof typeof EXAMPLES_OF)[]) {
		const shown = new Set(Array.from(helpText(name).matchAll(/^ {2}(?:-\w, | {4})(--\S+)/gm), ([, flag]) => flag));
		expect(shown, name).toEqual(new Set(flags.filter(flag => isFlagOf(flag, name)).map(getTypedName)));
	}
	const beginning = helpText(null).split('\n');
	expect(beginning.length).toBeLessThan(90);
	expect(beginning.join(' ')).toContain('fileproc-tui <command> --help');
});
