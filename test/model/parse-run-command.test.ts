import fc from 'fast-check';
import {expect, test} from 'vitest';
import {parseRunCommand} from '../../source/model/parse-run-command.ts';
import type {RunCommand} from '../../source/model/run-command.ts';

const address = fc.record({file: fc.string({minLength: 1}), jobId: fc.integer({min: 1})}, {requiredKeys: ['file']});
const command: fc.Arbitrary<RunCommand> = fc.oneof(
	fc.record({type: fc.constantFrom('pause' as const, 'resume' as const, 'stop' as const)}),
	fc
		.tuple(fc.constantFrom('pause-file' as const, 'resume-file' as const, 'cancel-file' as const), address)
		.map(([type, named]): RunCommand => ({type, ...named})),
	fc.record({type: fc.constant('retry-files' as const), files: fc.array(address, {maxLength: 3})}),
	fc.record({type: fc.constant('set-concurrency' as const), concurrency: fc.maxSafeInteger()}),
);

const problemOf = (value: unknown): string | undefined => parseRunCommand(value).problem;

test('every command comes out of JSON as it went in', () => {
	fc.assert(
		fc.property(command, given => {
			expect(parseRunCommand(JSON.parse(JSON.stringify(given)))).toEqual({command: given});
		}),
	);
});

test('anything else is answered with one line that says what is wrong', () => {
	fc.assert(
		fc.property(fc.oneof(fc.jsonValue(), fc.record({type: fc.string()}), fc.anything()), given => {
			const {problem, command: parsed} = parseRunCommand(given);
			if (parsed !== undefined) expect(given).toEqual(parsed);
			else expect(problem).toMatch(/^Expected [^\u0000-\u001f]{1,400}, but found [^\u0000-\u001f]+$/);
		}),
	);
});

test('a key that is missing, wrong or unknown is named', () => {
	fc.assert(
		fc.property(command, fc.boolean(), (given, isAdded) => {
			const keys = Object.keys(given);
			const [key = ''] = isAdded ? ['other'] : keys.slice(-1);
			const broken = {...given, [key]: null};
			expect(problemOf(broken)).toContain(`"${key}"`);
		}),
	);
	expect(problemOf({type: 'cancel-file', file: ''})).toBe('Expected "file" to be the name of a file, but found ""');
	expect(problemOf({type: 'retry-files', files: ['a.csv']})).toBe(
		'Expected "files[0]" to be an object, but found "a.csv"',
	);
	expect(problemOf({type: 'set-concurrency', concurrency: 1.5})).toBe(
		'Expected "concurrency" to be a whole number, but found 1.5',
	);
	expect(problemOf({type: 'toString'})).toMatch(/^Expected "type" to be one of pause, resume, .*but found "toString"$/);
	expect(problemOf(null)).toBe('Expected a command to be an object, but found null');
});
